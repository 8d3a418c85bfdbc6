import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';

import { BlobNotFoundError, BlobRangeError } from '../blob-store-errors.ts';
import type { ContractContext } from './blob-store-contract.ts';
import { bodyOf, collect, countDescriptors, eventually, testBytes } from './test-bodies.ts';

const SIZE = 3_000_000;

export function describeGet(context: ContractContext): void {
  describe('get', () => {
    const bytes = testBytes(SIZE);
    let key = '';

    beforeAll(async () => {
      key = context.newKey();
      await context.store.put(key, bodyOf(bytes), { sizeBytes: SIZE });
    });

    it('rejects for a missing blob, before any byte', async () => {
      await expect(context.store.get(context.newKey())).rejects.toBeInstanceOf(BlobNotFoundError);
    });

    it.each([
      ['the first byte', { start: 0, end: 0 }],
      ['the last byte', { start: SIZE - 1, end: SIZE - 1 }],
      ['the whole', { start: 0, end: SIZE - 1 }],
      ['a piece of the middle', { start: 65_530, end: 1_200_001 }],
      ['up to the end, when its own end is beyond', { start: SIZE - 10, end: SIZE * 2 }],
    ])('returns %s', async (_, range) => {
      const read = await collect(await context.store.get(key, { range }));

      expect(bytes.subarray(range.start, range.end + 1).equals(read)).toBe(true);
    });

    it.each([
      ['begins after the last byte', { start: SIZE, end: SIZE + 9 }],
      ['is reversed', { start: 5, end: 4 }],
      ['is negative', { start: -1, end: 4 }],
      ['is not made of integers', { start: 0.5, end: 4 }],
    ])('rejects a range that %s', async (_, range) => {
      await expect(context.store.get(key, { range })).rejects.toBeInstanceOf(BlobRangeError);
    });

    it('rejects any range of an empty blob', async () => {
      const empty = context.newKey();
      await context.store.put(empty, bodyOf(Buffer.alloc(0)));

      await expect(context.store.get(empty, { range: { start: 0, end: 0 } })).rejects.toBeInstanceOf(BlobRangeError);
    });

    it('destroys the stream when the signal is aborted', async () => {
      const abort = new AbortController();
      const reason = new Error('The client went away.');
      const stream = await context.store.get(key, { signal: abort.signal });
      const failed = once(stream, 'error');

      abort.abort(reason);

      expect(await failed).toEqual([reason]);
    });

    it('rejects with the reason when the signal was aborted before', async () => {
      const reason = new Error('too late');

      await expect(context.store.get(key, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it('serves many readers at once', async () => {
      const reads = Array.from({ length: 20 }, async () => collect(await context.store.get(key)));

      for (const read of await Promise.all(reads)) expect(bytes.equals(read)).toBe(true);
    });

    it('leaks no descriptor when 200 streams are destroyed midway', async () => {
      const before = await countDescriptors();
      for (let round = 0; round < 200; round += 1) {
        const stream = await context.store.get(key);
        await once(stream, 'readable');
        stream.destroy();
        await once(stream, 'close');
      }

      expect(await eventually(async () => (await countDescriptors()) <= before)).toBe(true);
    });
  });

  describe('head', () => {
    it('tells the size and a time close to now', async () => {
      const key = context.newKey();
      const before = Date.now();
      await context.store.put(key, bodyOf(testBytes(321)));

      const blob = await context.store.head(key);

      expect(blob?.sizeBytes).toBe(321);
      // S3 tells whole seconds, and a file system its own tick.
      expect(blob?.modifiedAt.getTime()).toBeGreaterThanOrEqual(before - 2_000);
      expect(blob?.modifiedAt.getTime()).toBeLessThanOrEqual(Date.now() + 2_000);
    });

    it('is undefined for a missing blob', async () => {
      expect(await context.store.head(context.newKey())).toBeUndefined();
    });
  });

  describe('check', () => {
    it('resolves and leaves nothing', async () => {
      await context.store.check();

      expect(await context.subject.leftovers()).toEqual([]);
    });
  });
}
