import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Renders variables as a file that `node --env-file` reads. Variables without a value are left out. */
export function renderEnvFile(variables: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(variables)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${quote(value)}\n`)
    .join('');
}

/** Reads back what `renderEnvFile` wrote. */
export function parseEnvFile(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^([A-Z][A-Z0-9_]*)=(?:"(.*)"|(.*))$/.exec(line);
    const name = match?.[1];
    if (name !== undefined) variables[name] = match?.[2] ?? match?.[3] ?? '';
  }
  return variables;
}

/** Writes a file so that a reader sees the old content or the new, never a part. */
export function writeFileAtomically(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

// Node cuts an unquoted value at '#' and trims it, and has no escape for a quote inside quotes.
function quote(value: string): string {
  if (/["\n]/.test(value)) throw new Error(`A quote or line break cannot stand in an env file: ${value}`);
  return /[\s#'`]/.test(value) ? `"${value}"` : value;
}
