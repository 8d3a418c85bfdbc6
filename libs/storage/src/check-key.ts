import { randomUUID } from 'node:crypto';

/** Key of an upload that only finds out whether one can be begun. */
export function newCheckKey(): string {
  return `check-${randomUUID()}`;
}

export function isCheckKey(key: string): boolean {
  return /^check-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key);
}
