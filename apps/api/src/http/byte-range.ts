import parseRange from 'range-parser';

/** Bytes `start` to `end`, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const mostRanges = 16;

/**
 * The ranges a `Range` header asks of a body of so many bytes; `'whole'` when the header is missing, malformed, of
 * another unit or asks for too much, which RFC 9110 §14.2 lets a server ignore; `'unsatisfiable'` when no byte is in any.
 */
export function parseByteRanges(
  header: string | undefined,
  sizeBytes: number,
): readonly ByteRange[] | 'whole' | 'unsatisfiable' {
  if (header?.startsWith('bytes=') !== true) return 'whole';
  const ranges = parseRange(sizeBytes, header, { combine: true });
  if (ranges === -1) return 'unsatisfiable';
  if (ranges === -2 || ranges.length > mostRanges) return 'whole';
  return ranges.map(({ start, end }) => ({ start, end }));
}

/** RFC 9110 §14.4. */
export function toContentRange({ start, end }: ByteRange, sizeBytes: number): string {
  return `bytes ${start}-${end}/${sizeBytes}`;
}
