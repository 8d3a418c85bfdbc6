import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseByteRanges, toContentRange } from './byte-range.ts';

const range = (start: number, end: number): { start: number; end: number } => ({ start, end });

describe('parseByteRanges', () => {
  it.each([
    ['bytes=0-0', [range(0, 0)]],
    ['bytes=0-9', [range(0, 9)]],
    ['bytes=5-', [range(5, 9)]],
    ['bytes=-3', [range(7, 9)]],
    ['bytes=-10', [range(0, 9)]],
    ['bytes=-99999999999999999999', [range(0, 9)]],
    ['bytes=8-99', [range(8, 9)]],
    ['BYTES=1-2', [range(1, 2)]],
    ['bytes= 1-2 , 4-5', [range(1, 2), range(4, 5)]],
    ['bytes=,1-2,,', [range(1, 2)]],
    // what lies outside is left out, what touches is joined, and the order is the client's
    ['bytes=20-30,1-2', [range(1, 2)]],
    ['bytes=8-9,0-1', [range(8, 9), range(0, 1)]],
    ['bytes=4-6,0-2,1-3', [range(0, 6)]],
    ['bytes=0-9,0-9,0-9', [range(0, 9)]],
    ['bytes=6-7,0-1,7-8', [range(6, 8), range(0, 1)]],
  ])('reads %s of ten bytes', (header, ranges) => {
    expect(parseByteRanges(header, 10)).toEqual(ranges);
  });

  it.each([
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=,',
    'bytes=x',
    'bytes=1',
    'bytes=-',
    'bytes=5-2',
    'bytes=1-2,x',
    'bytes=1-2-3',
    'bytes=+1-2',
    'bytes=0x1-2',
    'items=0-1',
    'bytes 0-1',
  ])('ignores %j', (header) => {
    expect(parseByteRanges(header, 10)).toBe('whole');
  });

  it('ignores what asks for more than sixteen parts', () => {
    const parts = (count: number): string =>
      `bytes=${Array.from({ length: count }, (_, index) => `${index * 2}-${index * 2}`).join()}`;
    expect(parseByteRanges(parts(16), 100)).toHaveLength(16);
    expect(parseByteRanges(parts(17), 100)).toBe('whole');
  });

  it.each([
    ['bytes=10-', 10],
    ['bytes=10-20,99-', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
    ['bytes=-5', 0],
  ])('says that %s of %i bytes has nothing', (header, sizeBytes) => {
    expect(parseByteRanges(header, sizeBytes)).toBe('unsatisfiable');
  });

  it('answers exactly the bytes that were asked for, each once', () => {
    const asked = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(asked, fc.integer({ min: 1, max: 25 }), (pairs, sizeBytes) => {
        const inOrder = pairs.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
        const ranges = parseByteRanges(`bytes=${inOrder.map(([start, end]) => `${start}-${end}`).join()}`, sizeBytes);
        const wanted = new Set<number>();
        for (const [start, end] of inOrder)
          for (let at = start; at <= Math.min(end, sizeBytes - 1); at += 1) wanted.add(at);
        if (typeof ranges === 'string') {
          expect(ranges).toBe('unsatisfiable');
          expect(wanted.size).toBe(0);
          return;
        }
        const answered = ranges.flatMap(({ start, end }) =>
          Array.from({ length: end - start + 1 }, (_, index) => start + index),
        );
        expect(answered).toHaveLength(wanted.size);
        expect(new Set(answered)).toEqual(wanted);
      }),
    );
  });
});

describe('toContentRange', () => {
  it('names the bytes and the whole size', () => {
    expect(toContentRange(range(2, 5), 10)).toBe('bytes 2-5/10');
  });
});
