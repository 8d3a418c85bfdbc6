import { z } from 'zod';

const controlCharacter = /\p{Cc}/u;

/** Text of one line that PostgreSQL, logs and terminals can hold: trimmed, NFC, 1 to `maxChars` UTF-16 code units, no control characters and no lone surrogates. */
export function plainText(maxChars: number): z.ZodString {
  return z
    .string()
    .refine((text) => text.isWellFormed(), 'has half of a surrogate pair, which is no text')
    .refine((text) => !controlCharacter.test(text), 'has a control character')
    .normalize('NFC')
    .trim()
    .min(1)
    .max(maxChars);
}

/** Percent-encoded UTF-8 (RFC 3986 §2.1); undefined when it is none, where other decoders put U+FFFD. */
export function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** An e-mail address, trimmed and in lower case, so that each has one spelling. RFC 5321 §4.5.3.1 allows 254 characters. */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .refine((text) => z.email().safeParse(text).success, 'is not an e-mail address')
  .meta({ format: 'email' });

/** An id as the API makes them, in lower case. */
export const id = z.uuid('is not a UUID').toLowerCase();
