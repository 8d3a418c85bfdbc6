import { filetypemime } from 'magic-bytes.js';
import { mediaTypeEssence, takesContentType, type BucketLimits } from '../buckets/bucket.ts';
import { ContentTypeNotAllowedError } from './object-errors.ts';

/** What is stored when the client names no type. */
export const unknownMediaType = 'application/octet-stream';

/** How many of the first bytes are looked at. */
export const sniffedBytes = 512;

/** Types whose first bytes are unmistakable: what claims to be one must be one. */
const recognizable = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'application/gzip',
]);

/** Types a browser shows without running anything in them; all others are offered as downloads. */
const shownInline = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'text/plain',
  'audio/mpeg',
  'audio/ogg',
  'video/mp4',
  'video/webm',
]);

export function isShownInline(contentType: string): boolean {
  return shownInline.has(mediaTypeEssence(contentType));
}

/**
 * Checks the declared type against the bucket and against the first bytes.
 * @throws ContentTypeNotAllowedError
 */
export function checkMediaType(contentType: string, firstBytes: Uint8Array, bucket: BucketLimits): void {
  if (!takesContentType(bucket, contentType)) {
    throw new ContentTypeNotAllowedError(`The bucket does not take ${mediaTypeEssence(contentType)}.`);
  }
  if (firstBytes.length === 0) return;
  const declared = mediaTypeEssence(contentType);
  const guesses = filetypemime(firstBytes);
  if (guesses.includes(declared)) return;
  if (recognizable.has(declared)) {
    throw new ContentTypeNotAllowedError(`The first bytes are not those of ${declared}.`);
  }
  const recognized = guesses.find((guess) => recognizable.has(guess));
  if (recognized !== undefined && !takesContentType(bucket, recognized)) {
    throw new ContentTypeNotAllowedError(`The first bytes are those of ${recognized}, which the bucket does not take.`);
  }
}
