import { z } from 'zod';

const minChars = 12;
const maxBytes = 128;

/**
 * A password somebody chooses. NIST SP 800-63B §3.1.1.2: any Unicode character, at least as long as this, no rules of
 * composition. The bound keeps hashing cheap to refuse.
 */
export const newPassword = z
  .string()
  .refine((text) => text.isWellFormed(), 'has half of a surrogate pair, which is no text')
  .refine((text) => Array.from(normalizePassword(text)).length >= minChars, `must have at least ${minChars} characters`)
  .refine(
    (text) => Buffer.byteLength(normalizePassword(text)) <= maxBytes,
    `must have at most ${maxBytes} bytes in UTF-8`,
  )
  .describe(`At least ${minChars} characters, at most ${maxBytes} bytes in UTF-8.`);

/** A password somebody presents. It is only compared, so a wrong one is wrong and not malformed. */
export const presentedPassword = z.string().min(1).max(1_024);

/** NIST SP 800-63B §3.1.1.2: the same characters typed on another keyboard are the same password. */
export function normalizePassword(text: string): string {
  return text.normalize('NFC');
}
