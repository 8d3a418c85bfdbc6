import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { keyRangeOf, type KeyRange } from './key-range.ts';

function has({ after, until }: KeyRange, key: string): boolean {
  return key > after.key && key <= until.key;
}

describe('keyRangeOf', () => {
  it.each([1, 2, 3, 7, 16, 1000])('cuts all keys into %d disjoint ranges', (count) => {
    const ranges = Array.from({ length: count }, (_, index) => keyRangeOf({ index, count }));
    const keys = [
      '-',
      '00000000',
      '80000000',
      'Z',
      'backup/1',
      'check-1',
      'zz',
      ...Array.from({ length: 200 }, () => randomUUID()),
    ];
    for (const key of keys) expect(ranges.filter((range) => has(range, key))).toHaveLength(1);
  });

  it('has the ids in the range of their keys', () => {
    for (const { after, until } of [0, 1, 2].map((index) => keyRangeOf({ index, count: 3 }))) {
      for (let round = 0; round < 100; round += 1) {
        const id = randomUUID();
        expect(id > after.id && id <= until.id).toBe(has({ after, until }, id));
      }
    }
  });
});
