import { describe, expect, it } from '@jest/globals';

import { BlobNotFoundError, BlobSizeMismatchError, InvalidBlobKeyError } from '../blob-store-errors.ts';
import type { ContractContext } from './blob-store-contract.ts';
import {
  bodyOf,
  collect,
  collectAll,
  countDescriptors,
  eventually,
  failingBody,
  hangingBody,
  sha256Of,
  testBytes,
} from './test-bodies.ts';

const MIB = 1024 ** 2;
const HOSTILE_KEYS = [
  '',
  '/',
  '/absolute',
  'trailing/',
  'a//b',
  '.',
  '..',
  '../escape',
  'a/../../escape',
  '..%2fescape',
  'nul\0byte',
  'new\nline',
  'a\\b',
  'tilde~',
  'ünicode',
  'lone\ud800surrogate',
  'k'.repeat(201),
];

export function describePut(context: ContractContext): void {
  describe('put', () => {
    const sizes = [
      ['nothing', 0],
      ['one byte', 1],
      ['10 KiB', 10 * 1024],
      ['a byte less than a part', context.partSizeBytes - 1],
      ['exactly a part', context.partSizeBytes],
      ['a byte more than a part', context.partSizeBytes + 1],
      ['exactly two parts', 2 * context.partSizeBytes],
    ] as const;

    it.each(sizes)('stores %s, whether or not the length is announced', async (_, sizeBytes) => {
      const bytes = testBytes(sizeBytes);
      const [announced, unannounced] = [context.newKey(), context.newKey()];

      expect(await context.store.put(announced, bodyOf(bytes), { sizeBytes })).toEqual({ sizeBytes });
      expect(await context.store.put(unannounced, bodyOf(bytes))).toEqual({ sizeBytes });

      for (const key of [announced, unannounced]) {
        expect(bytes.equals(await collect(await context.store.get(key)))).toBe(true);
        expect(await context.store.head(key)).toMatchObject({ sizeBytes });
      }
    });

    it('returns 50 MiB with the same SHA-256', async () => {
      const bytes = testBytes(50 * MIB + 17);
      const key = context.newKey();

      await context.store.put(key, bodyOf(bytes));

      expect(await sha256Of(await context.store.get(key))).toBe(await sha256Of(bytes));
    });

    it('takes chunks of one byte, empty chunks and chunks larger than a part', async () => {
      const bytes = testBytes(context.partSizeBytes * 2 + 100);
      const key = context.newKey();
      async function* body(): AsyncGenerator<Uint8Array> {
        yield* bodyOf(bytes.subarray(0, 40), 1);
        yield Buffer.alloc(0);
        yield bytes.subarray(40);
        yield Buffer.alloc(0);
      }

      await context.store.put(key, body());

      expect(bytes.equals(await collect(await context.store.get(key)))).toBe(true);
    });

    it('keeps concurrent puts of different keys apart', async () => {
      const blobs = Array.from({ length: 20 }, (_, index) => ({
        key: context.newKey(),
        bytes: testBytes(300_000 + index),
      }));

      await Promise.all(blobs.map(({ key, bytes }) => context.store.put(key, bodyOf(bytes))));

      for (const { key, bytes } of blobs) expect(bytes.equals(await collect(await context.store.get(key)))).toBe(true);
    });

    it('replaces a blob as a whole', async () => {
      const key = context.newKey();
      await context.store.put(key, bodyOf(testBytes(1_000)));

      await context.store.put(key, bodyOf(testBytes(10)));

      expect(testBytes(10).equals(await collect(await context.store.get(key)))).toBe(true);
    });

    it.each(HOSTILE_KEYS)('rejects the key %j', async (key) => {
      const body = bodyOf(testBytes(1));

      await expect(context.store.put(key, body)).rejects.toBeInstanceOf(InvalidBlobKeyError);
      await expect(context.store.get(key)).rejects.toBeInstanceOf(InvalidBlobKeyError);
      await expect(context.store.head(key)).rejects.toBeInstanceOf(InvalidBlobKeyError);
      await expect(context.store.deleteMany([key])).rejects.toBeInstanceOf(InvalidBlobKeyError);
      await expect(context.store.createMultipart(key)).rejects.toBeInstanceOf(InvalidBlobKeyError);
    });
  });

  describe('a put that fails', () => {
    const sizes = [
      ['in the first part', 1_000],
      ['in a later part', context.partSizeBytes * 3 + 1_000],
    ] as const;

    it.each(sizes)('leaves nothing when the body is shorter than announced %s', async (_, sizeBytes) => {
      const key = context.newKey();
      const put = context.store.put(key, bodyOf(testBytes(sizeBytes)), { sizeBytes: sizeBytes + 1 });

      await expect(put).rejects.toBeInstanceOf(BlobSizeMismatchError);
      await expectNothingLeft(context, key);
    });

    it.each(sizes)('leaves nothing when the body is longer than announced %s', async (_, sizeBytes) => {
      const key = context.newKey();
      const put = context.store.put(key, bodyOf(testBytes(sizeBytes)), { sizeBytes: sizeBytes - 1 });

      await expect(put).rejects.toBeInstanceOf(BlobSizeMismatchError);
      await expectNothingLeft(context, key);
    });

    it.each(sizes)("rejects with the body's own error %s and leaves nothing", async (_, sizeBytes) => {
      const key = context.newKey();
      const error = new Error('The client went away.');

      await expect(context.store.put(key, failingBody(testBytes(sizeBytes), error))).rejects.toBe(error);
      await expectNothingLeft(context, key);
    });

    it.each(sizes)('leaves nothing when it is aborted %s while the body hangs', async (_, sizeBytes) => {
      const key = context.newKey();
      const abort = new AbortController();
      const reason = new Error('The client went away.');
      const { body, reached } = hangingBody(testBytes(sizeBytes));
      const put = context.store.put(key, body, { signal: abort.signal });
      await Promise.race([reached, put]);

      abort.abort(reason);

      await expect(put).rejects.toBe(reason);
      await expectNothingLeft(context, key);
    });

    it('stores nothing when the signal was aborted before', async () => {
      const key = context.newKey();
      const reason = new Error('too late');

      const put = context.store.put(key, bodyOf(testBytes(10)), { signal: AbortSignal.abort(reason) });

      await expect(put).rejects.toBe(reason);
      await expectNothingLeft(context, key);
    });

    it('leaves the blob that was there before', async () => {
      const key = context.newKey();
      await context.store.put(key, bodyOf(testBytes(10)));

      await expect(context.store.put(key, failingBody(testBytes(99), new Error('cut')))).rejects.toThrow('cut');

      expect(testBytes(10).equals(await collect(await context.store.get(key)))).toBe(true);
    });

    it('closes the body it did not read to the end', async () => {
      let closed = false;
      async function* body(): AsyncGenerator<Uint8Array> {
        try {
          yield* bodyOf(testBytes(1_000), 10);
        } finally {
          closed = true;
        }
      }

      await expect(context.store.put(context.newKey(), body(), { sizeBytes: 5 })).rejects.toBeInstanceOf(
        BlobSizeMismatchError,
      );

      expect(await eventually(async () => closed)).toBe(true);
    });

    it('leaks no descriptor in 50 aborted puts', async () => {
      const before = await countDescriptors();
      for (let round = 0; round < 50; round += 1) {
        const abort = new AbortController();
        const { body, reached } = hangingBody(testBytes(1_000));
        const put = context.store.put(context.newKey(), body, { signal: abort.signal });
        await Promise.race([reached, put]);
        abort.abort(new Error('gone'));
        await expect(put).rejects.toThrow('gone');
      }

      expect(await eventually(async () => (await countDescriptors()) <= before)).toBe(true);
    });
  });
}

async function expectNothingLeft(context: ContractContext, key: string): Promise<void> {
  expect(await context.store.head(key)).toBeUndefined();
  await expect(context.store.get(key)).rejects.toBeInstanceOf(BlobNotFoundError);
  expect(await collectAll(context.store.list({ prefix: key }))).toEqual([]);
  expect(await context.subject.leftovers()).toEqual([]);
}
