import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { testBytes } from './testing/test-bodies.ts';
import { readBlob, WholeBlob } from './whole-blob.ts';

describe('readBlob', () => {
  it.each([0, 1, 100_000])('answers all %i bytes, of a stream and of what is in memory', async (sizeBytes) => {
    const bytes = testBytes(sizeBytes);

    const streamed = await readBlob(Readable.from([bytes.subarray(0, 10), bytes.subarray(10)], { objectMode: false }));
    const whole = await readBlob(new WholeBlob(bytes));

    expect([streamed.equals(bytes), whole.equals(bytes)]).toEqual([true, true]);
  });

  it('rejects when the stream fails', async () => {
    const failing = new Readable({ read: () => failing.destroy(new Error('S3 went away')) });

    await expect(readBlob(failing)).rejects.toThrow('S3 went away');
  });
});

describe('WholeBlob', () => {
  it.each([0, 1, 100_000])('is a stream of its %i bytes', async (sizeBytes) => {
    const bytes = testBytes(sizeBytes);

    expect((await buffer(new WholeBlob(bytes))).equals(bytes)).toBe(true);
  });
});
