import { afterEach, describe, expect, it } from '@jest/globals';

import type { MultipartUpload } from '../blob-store.ts';
import { BlobSizeMismatchError, InvalidPartError, MultipartUploadNotFoundError } from '../blob-store-errors.ts';
import type { ContractContext } from './blob-store-contract.ts';
import { bodyOf, collect, failingBody, hangingBody, testBytes } from './test-bodies.ts';

export function describeMultipart(context: ContractContext): void {
  describe('a multipart upload', () => {
    const partBytes = context.partSizeBytes;
    const bytes = testBytes(partBytes * 2 + 1_234);
    const parts = [
      bytes.subarray(0, partBytes),
      bytes.subarray(partBytes, partBytes * 2),
      bytes.subarray(partBytes * 2),
    ];
    const begun: MultipartUpload[] = [];

    const begin = async (): Promise<MultipartUpload> => {
      const upload = await context.store.createMultipart(context.newKey());
      begun.push(upload);
      return upload;
    };
    const uploadPart = (upload: MultipartUpload, number: number) => {
      const part = parts[number - 1] ?? Buffer.alloc(0);
      return upload.uploadPart(number, bodyOf(part), { sizeBytes: part.length });
    };

    afterEach(async () => {
      for (const upload of begun.splice(0)) await upload.abort();
      expect(await context.subject.leftovers()).toEqual([]);
    });

    it('joins parts that came in order', async () => {
      const upload = await begin();
      const uploaded = [await uploadPart(upload, 1), await uploadPart(upload, 2), await uploadPart(upload, 3)];

      expect(await upload.complete(uploaded)).toEqual({ sizeBytes: bytes.length });

      expect(bytes.equals(await collect(await context.store.get(upload.key)))).toBe(true);
    });

    it('joins parts that came out of order and at the same time', async () => {
      const upload = await begin();
      await Promise.all([uploadPart(upload, 3), uploadPart(upload, 1), uploadPart(upload, 2)]);

      await upload.complete(await upload.listParts());

      expect(bytes.equals(await collect(await context.store.get(upload.key)))).toBe(true);
    });

    it('shows nothing under the key before it is complete', async () => {
      const upload = await begin();
      await uploadPart(upload, 1);

      expect(await context.store.head(upload.key)).toBeUndefined();
    });

    it('goes on from its id, as another process would', async () => {
      const { key, uploadId } = await begin();
      const first = await uploadPart(context.store.multipart(key, uploadId), 1);
      const resumed = context.store.multipart(key, uploadId);

      expect(await resumed.listParts()).toEqual([first]);
      await uploadPart(resumed, 2);
      await uploadPart(resumed, 3);
      await context.store.multipart(key, uploadId).complete(await resumed.listParts());

      expect(bytes.equals(await collect(await context.store.get(key)))).toBe(true);
    });

    it('takes the later of two parts with one number', async () => {
      const upload = await begin();
      const wrong = testBytes(partBytes).reverse();
      const replaced = await upload.uploadPart(1, bodyOf(wrong), { sizeBytes: wrong.length });
      const uploaded = [await uploadPart(upload, 1), await uploadPart(upload, 2)];

      expect(await upload.listParts()).toEqual(uploaded);
      await expect(upload.complete([replaced])).rejects.toBeInstanceOf(InvalidPartError);
      await upload.complete(uploaded);

      expect(bytes.subarray(0, partBytes * 2).equals(await collect(await context.store.get(upload.key)))).toBe(true);
    });

    it('may be completed again, as after a lost answer', async () => {
      const upload = await begin();
      const uploaded = [await uploadPart(upload, 1)];
      await upload.complete(uploaded);

      await expect(upload.complete(uploaded)).resolves.toEqual({ sizeBytes: partBytes });
    });

    it('keeps what was there when a part is short, long, fails or is aborted, and goes on', async () => {
      const upload = await begin();
      const first = await uploadPart(upload, 1);
      const abort = new AbortController();
      const { body, reached } = hangingBody(testBytes(10));

      const short = upload.uploadPart(2, bodyOf(testBytes(10)), { sizeBytes: 11 });
      await expect(short).rejects.toBeInstanceOf(BlobSizeMismatchError);
      const long = upload.uploadPart(2, bodyOf(testBytes(10)), { sizeBytes: 9 });
      await expect(long).rejects.toBeInstanceOf(BlobSizeMismatchError);
      const failing = upload.uploadPart(1, failingBody(testBytes(10), new Error('cut')), { sizeBytes: 11 });
      await expect(failing).rejects.toThrow('cut');
      const hanging = upload.uploadPart(1, body, { sizeBytes: 11, signal: abort.signal });
      await Promise.race([reached, hanging]);
      abort.abort(new Error('gone'));
      await expect(hanging).rejects.toThrow('gone');

      expect(await upload.listParts()).toEqual([first]);
      await upload.complete([first, await uploadPart(upload, 2)]);
      expect(bytes.subarray(0, partBytes * 2).equals(await collect(await context.store.get(upload.key)))).toBe(true);
    });

    it('is removed when it was abandoned, and only then', async () => {
      const hourMs = 3_600_000;
      const upload = await begin();
      const uploaded = await uploadPart(upload, 1);

      expect(await context.store.removeAbandoned(hourMs)).toBe(0);
      expect(await upload.listParts()).toEqual([uploaded]);

      // As if it were an hour later.
      expect(await context.store.removeAbandoned(-hourMs)).toBe(1);
      await expect(upload.listParts()).rejects.toBeInstanceOf(MultipartUploadNotFoundError);
    });

    it('is gone after it was aborted', async () => {
      const upload = await begin();
      const first = await uploadPart(upload, 1);

      await upload.abort();

      await expect(upload.listParts()).rejects.toBeInstanceOf(MultipartUploadNotFoundError);
      await expect(uploadPart(upload, 2)).rejects.toBeInstanceOf(MultipartUploadNotFoundError);
      await expect(upload.complete([first])).rejects.toBeInstanceOf(MultipartUploadNotFoundError);
      await expect(upload.abort()).resolves.toBeUndefined();
    });

    it.each([
      ['no parts', [] as number[]],
      ['parts out of order', [2, 1]],
      ['a part twice', [1, 1]],
    ])('cannot be completed with %s', async (_, numbers) => {
      const upload = await begin();
      const uploaded = new Map([1, 2].map((number) => [number, uploadPart(upload, number)]));
      await Promise.all(uploaded.values());
      const chosen = await Promise.all(numbers.flatMap((number) => uploaded.get(number) ?? []));

      await expect(upload.complete(chosen)).rejects.toBeInstanceOf(InvalidPartError);
    });

    it.each([0, 10_001, 1.5])('has no part %d', async (number) => {
      const upload = await begin();

      await expect(upload.uploadPart(number, bodyOf(testBytes(1)), { sizeBytes: 1 })).rejects.toBeInstanceOf(
        InvalidPartError,
      );
    });

    it('does not answer to the key of another', async () => {
      const { uploadId } = await begin();
      const impostor = context.store.multipart(context.newKey(), uploadId);

      await expect(impostor.listParts()).rejects.toBeInstanceOf(MultipartUploadNotFoundError);
    });
  });
}
