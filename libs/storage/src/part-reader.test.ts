import { describe, expect, it } from '@jest/globals';

import { BlobStoreUnavailableError } from './blob-store-errors.ts';
import { BodyReader } from './body-reader.ts';
import { PartBuffers } from './part-buffers.ts';
import { PartReader } from './part-reader.ts';
import { bodyOf, failingBody, testBytes } from './testing/test-bodies.ts';

const PART = 300_000; // above the size that gets a small buffer

function givenBuffers(parts: number, waitMs = 60_000): PartBuffers {
  return new PartBuffers({ bufferBytes: PART, totalBytes: PART * parts, waitMs });
}

async function cut(bytes: Buffer, options: { chunkBytes?: number; announced?: boolean } = {}): Promise<number[]> {
  const { chunkBytes = 65_536, announced = false } = options;
  const buffers = givenBuffers(3);
  const sizeBytes = announced ? bytes.length : undefined;
  const reader = new PartReader(new BodyReader(bodyOf(bytes, chunkBytes)), { partSizeBytes: PART, sizeBytes, buffers });
  const parts: Buffer[] = [];
  for (let last = false; !last;) {
    const part = await reader.next();
    parts.push(Buffer.from(part.bytes));
    ({ last } = part);
    part.release();
  }
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  expect(buffers.givenOutBytes).toBe(0);
  return parts.map((part) => part.length);
}

describe('PartReader', () => {
  it.each([
    [0, [0]],
    [1, [1]],
    [PART - 1, [PART - 1]],
    [PART, [PART]],
    [PART + 1, [PART, 1]],
    [PART * 2, [PART, PART]],
    [PART * 3 + 5, [PART, PART, PART, 5]],
  ])('cuts %d bytes into parts of %j', async (sizeBytes, expected) => {
    expect(await cut(testBytes(sizeBytes))).toEqual(expected);
    expect(await cut(testBytes(sizeBytes), { announced: true })).toEqual(expected);
    expect(await cut(testBytes(sizeBytes), { chunkBytes: PART * 10 })).toEqual(expected);
    expect(await cut(testBytes(sizeBytes), { chunkBytes: PART })).toEqual(expected);
  });

  it('takes no part memory for a small body', async () => {
    const buffers = givenBuffers(1);
    const reader = new PartReader(new BodyReader(bodyOf(testBytes(10_000))), { partSizeBytes: PART, buffers });

    await reader.next();

    expect(buffers.givenOutBytes).toBe(0);
  });

  it('gives its memory back when the body fails', async () => {
    const buffers = givenBuffers(1);
    const body = new BodyReader(failingBody(testBytes(PART - 1), new Error('cut')));

    await expect(new PartReader(body, { partSizeBytes: PART, buffers }).next()).rejects.toThrow('cut');

    expect(buffers.givenOutBytes).toBe(0);
  });

  it('frees the chunks it may take, but no others', async () => {
    const kept = testBytes(100_000);
    const taken = testBytes(100_000);
    const options = { partSizeBytes: PART, buffers: givenBuffers(1) };

    await new PartReader(new BodyReader(bodyOf(kept, 100_000)), options).next();
    await new PartReader(new BodyReader(bodyOf(taken, 100_000)), { ...options, takesChunks: true }).next();

    expect([kept.length, taken.length]).toEqual([100_000, 0]);
  });
});

describe('PartBuffers', () => {
  it('makes those wait that do not fit, in the order of asking', async () => {
    const buffers = givenBuffers(1);
    const order: string[] = [];
    const first = await buffers.acquire(PART);
    const second = buffers.acquire(PART).then((buffer) => (order.push('second'), buffer));
    const third = buffers.acquire(PART).then((buffer) => (order.push('third'), buffer));

    first.release();
    (await second).release();
    await third;

    expect(order).toEqual(['second', 'third']);
    expect(buffers.givenOutBytes).toBe(PART);
  });

  it('gives out one buffer larger than all its memory when no other is out', async () => {
    const buffers = givenBuffers(1);

    expect((await buffers.acquire(PART * 5)).bytes).toHaveLength(PART * 5);
  });

  it('refuses one that has waited too long, and goes on', async () => {
    const buffers = givenBuffers(1, 1);
    const first = await buffers.acquire(PART);

    await expect(buffers.acquire(PART)).rejects.toBeInstanceOf(BlobStoreUnavailableError);
    first.release();

    await expect(buffers.acquire(PART)).resolves.toBeDefined();
  });

  it('forgets one that was aborted while it waited', async () => {
    const buffers = givenBuffers(1);
    const first = await buffers.acquire(PART);
    const abort = new AbortController();
    const aborted = buffers.acquire(PART, abort.signal);

    abort.abort(new Error('gone'));

    await expect(aborted).rejects.toThrow('gone');
    first.release();
    expect(buffers.givenOutBytes).toBe(0);
  });

  it('uses a buffer again while others are out', async () => {
    const buffers = givenBuffers(2);
    await buffers.acquire(PART);
    const second = await buffers.acquire(PART);
    second.release();

    expect((await buffers.acquire(PART)).bytes).toBe(second.bytes);
  });
});
