import { describe, expect, it } from '@jest/globals';

import { choosePartSize } from './multipart-parts.ts';

const MIB = 1024 ** 2;
const TIB = 1024 ** 4;

describe('choosePartSize', () => {
  it.each([
    ['keeps the wanted size for an unknown length', undefined, 8 * MIB],
    ['keeps it while 10,000 parts suffice', 80_000 * MIB, 8 * MIB],
    ['takes a whole MiB more when they do not', 80_000 * MIB + 1, 9 * MIB],
    ['fits 5 TiB into 10,000 parts', 5 * TIB, 525 * MIB],
  ])('%s', (_, sizeBytes, expected) => {
    expect(choosePartSize(8 * MIB, sizeBytes)).toBe(expected);
    expect(expected * 10_000).toBeGreaterThanOrEqual(sizeBytes ?? 0);
  });
});
