import { hash, randomBytes } from 'node:crypto';

/** What a token starts with, so that scanners find those that leaked. Session tokens live in cookies and have none. */
export type TokenPrefix = '' | 'stw_' | 'inv_';

/** 256 random bits after the prefix. */
export function newSecretToken(prefix: TokenPrefix, secret: Buffer = randomBytes(32)): string {
  return prefix + secret.toString('base64url');
}

/** Whether the text could be such a token; what could not is not looked up. */
export function isSecretToken(prefix: TokenPrefix, text: string): boolean {
  return text.startsWith(prefix) && /^[A-Za-z0-9_-]{43}$/.test(text.slice(prefix.length));
}

/** SHA-256 in base64url: what is stored of a token. A plain hash is enough, as nobody can guess 256 random bits. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url');
}
