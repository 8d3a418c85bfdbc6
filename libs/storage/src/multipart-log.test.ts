import { describe, expect, it } from '@jest/globals';

import { parseRecords, replay, type MultipartRecord } from './multipart-log.ts';

const reserve = (id: string, partNumber: number, sizeBytes: number): MultipartRecord => ({
  type: 'reserve',
  id,
  partNumber,
  sizeBytes,
});
const store = (id: string): MultipartRecord => ({ type: 'store', id });
const release = (id: string): MultipartRecord => ({ type: 'release', id });

describe('the log of a multipart upload', () => {
  it('places parts one after the other, in the order of their reservations', () => {
    const { stored } = replay([reserve('a', 2, 10), reserve('b', 1, 5), store('b'), store('a')]);

    expect(stored.get(2)?.offset).toBe(0);
    expect(stored.get(1)?.offset).toBe(10);
  });

  it('counts only parts that were stored', () => {
    const { stored, unfinished } = replay([reserve('a', 1, 10)]);

    expect([stored.size, unfinished.size]).toEqual([0, 1]);
  });

  it('uses the place of a failed part again when it is the last', () => {
    const { stored } = replay([reserve('a', 1, 10), release('a'), reserve('b', 1, 5), store('b')]);

    expect(stored.get(1)?.offset).toBe(0);
  });

  it('leaves a hole for a failed part that others follow', () => {
    const { stored } = replay([reserve('a', 1, 10), reserve('b', 2, 5), release('a'), store('b')]);

    expect(stored.get(2)?.offset).toBe(10);
  });

  it('takes the part stored last when a number comes twice', () => {
    const { stored } = replay([reserve('a', 1, 10), reserve('b', 1, 5), store('b'), store('a')]);

    expect(stored.get(1)?.id).toBe('a');
  });

  it('gives out no place after it was closed', () => {
    const { unfinished, closed } = replay([{ type: 'close' }, reserve('a', 1, 10)]);

    expect([unfinished.size, closed]).toEqual([0, true]);
  });

  it('passes over a line torn by a crash', () => {
    const text = '{"type":"upload","key":"k"}\n\n{"type":"reser\n{"type":"close"}\n';

    expect(replay(parseRecords(text))).toMatchObject({ key: 'k', closed: true });
  });
});
