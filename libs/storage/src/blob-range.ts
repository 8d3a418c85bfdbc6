import type { BlobRange } from './blob-store.ts';
import { BlobRangeError } from './blob-store-errors.ts';

/** @throws BlobRangeError when the range names no byte whatever the size. */
export function assertBlobRange({ start, end }: BlobRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    throw new BlobRangeError('A range runs from a byte to the same or a later one.');
}

/**
 * The part of the range that exists. RFC 9110 14.1.2: a last position beyond the content means its last byte.
 *
 * @throws BlobRangeError when the range begins after the last byte.
 */
export function clampRange(range: BlobRange | undefined, sizeBytes: number): BlobRange {
  if (range === undefined) return { start: 0, end: sizeBytes - 1 };
  assertBlobRange(range);
  if (range.start >= sizeBytes) throw new BlobRangeError(`The range begins after the last of ${sizeBytes} bytes.`);
  return { start: range.start, end: Math.min(range.end, sizeBytes - 1) };
}
