import { describe, expect, it } from '@jest/globals';
import { toSpread } from './statistics.ts';

describe('toSpread', () => {
  it.each([
    [[3], { median: 3, least: 3, most: 3 }],
    [[10, 9, 100], { median: 10, least: 9, most: 100 }],
    [[4, 1, 2, 3], { median: 2.5, least: 1, most: 4 }],
  ])('of %j', (numbers, spread) => {
    expect(toSpread(numbers)).toEqual(spread);
  });

  it('refuses an empty list', () => {
    expect(() => toSpread([])).toThrow(RangeError);
  });
});
