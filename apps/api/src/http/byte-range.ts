/** Bytes `start` to `end`, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const mostRanges = 16;

/**
 * The ranges a `Range` header asks of a body of so many bytes, in its order, overlapping and adjacent ones joined;
 * `'whole'` when the header is missing, malformed, of another unit or asks for too much, which RFC 9110 §14.2 lets a
 * server ignore; `'unsatisfiable'` when no byte is in any.
 */
export function parseByteRanges(
  header: string | undefined,
  sizeBytes: number,
): readonly ByteRange[] | 'whole' | 'unsatisfiable' {
  const set = /^bytes=(.*)$/i.exec(header ?? '')?.[1];
  if (set === undefined) return 'whole';
  const elements = set.split(',').filter((element) => element.trim() !== '');
  const ranges = elements.map((element) => parseRange(element, sizeBytes));
  if (ranges.length === 0 || ranges.includes('malformed')) return 'whole';
  const satisfiable = ranges.filter((range) => typeof range === 'object');
  if (satisfiable.length === 0) return 'unsatisfiable';
  const joined = joinRanges(satisfiable);
  return joined.length > mostRanges ? 'whole' : joined;
}

/** RFC 9110 §14.4. */
export function toContentRange({ start, end }: ByteRange, sizeBytes: number): string {
  return `bytes ${start}-${end}/${sizeBytes}`;
}

/** One element of the set: `5-9`, `5-` or, for the last five bytes, `-5`. */
function parseRange(element: string, sizeBytes: number): ByteRange | 'malformed' | 'unsatisfiable' {
  const [, first = '', last = ''] = /^\s*(\d*)-(\d*)\s*$/.exec(element) ?? [];
  if (first === '' && last === '') return 'malformed';
  if (first !== '' && last !== '' && Number(last) < Number(first)) return 'malformed';
  // RFC 9110 §14.1.2: a suffix that is longer than the body stands for all of it.
  const start = first === '' ? Math.max(sizeBytes - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}

/** RFC 9110 §15.3.7.2 lets a server coalesce, so that a request cannot ask for the same bytes many times. */
function joinRanges(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const joined: { start: number; end: number; place: number }[] = [];
  for (const range of ranges.map((asked, place) => ({ ...asked, place })).sort((a, b) => a.start - b.start)) {
    const before = joined.at(-1);
    if (before === undefined || range.start > before.end + 1) {
      joined.push(range);
    } else {
      before.end = Math.max(before.end, range.end);
      before.place = Math.min(before.place, range.place);
    }
  }
  return joined.sort((a, b) => a.place - b.place).map(({ start, end }) => ({ start, end }));
}
