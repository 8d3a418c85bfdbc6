const mostKeyBytes = 1024;
const controlOrNoncharacter = /[\p{Cc}\p{Noncharacter_Code_Point}]/u;

/** Greater than every key in byte order: a noncharacter, which no key has. */
export const behindAllKeys = '\u{10FFFF}';

/**
 * Why a text cannot be an object's key; undefined when it can. Keys are NFC text of 1–1024 UTF-8 bytes without control
 * characters and without `.` or `..` as a segment, which clients and proxies would resolve away.
 */
export function objectKeyFault(key: string): string | undefined {
  if (!key.isWellFormed()) return 'must be well-formed Unicode';
  const bytes = Buffer.byteLength(key);
  if (bytes < 1 || bytes > mostKeyBytes) return `must have 1 to ${mostKeyBytes} bytes in UTF-8`;
  if (controlOrNoncharacter.test(key)) return 'must not have control characters or noncharacters';
  if (key !== key.normalize('NFC')) return 'must be in Unicode normalization form C';
  if (/(?:^|\/)\.{1,2}(?:\/|$)/.test(key)) return 'must not have "." or ".." as a segment';
  return undefined;
}

/** Why a text cannot be the beginning of a key; the empty one can. */
export function keyPrefixFault(prefix: string): string | undefined {
  if (!prefix.isWellFormed()) return 'must be well-formed Unicode';
  if (Buffer.byteLength(prefix) > mostKeyBytes) return `must have at most ${mostKeyBytes} bytes in UTF-8`;
  if (controlOrNoncharacter.test(prefix)) return 'must not have control characters or noncharacters';
  return undefined;
}

/** Order of keys: that of their bytes in UTF-8. JavaScript's own differs, as surrogates come before U+E000. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The first text, in byte order, behind all that starts with `prefix`. */
export function behindPrefix(prefix: string): string {
  const points = Array.from(prefix);
  const last = points.pop()?.codePointAt(0);
  if (last === undefined) return behindAllKeys;
  // Surrogates are no characters: U+E000 comes behind U+D7FF.
  return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
}

/** The first text that could be a key behind `key`: no key has a control character. */
export function behindKey(key: string): string {
  return `${key}\u0001`;
}
