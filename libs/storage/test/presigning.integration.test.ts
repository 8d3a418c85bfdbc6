import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { BlobStoreError } from '../src/index.ts';
import { openS3Bucket, type S3TestBucket } from '../src/testing/s3-bucket.ts';
import { bodyOf, collect, testBytes } from '../src/testing/test-bodies.ts';

let bucket: S3TestBucket;

beforeAll(async () => {
  bucket = await openS3Bucket();
});
afterAll(() => bucket.close());

describe('presignGet', () => {
  it('reads the blob without credentials, as it was and with the headers asked for', async () => {
    await bucket.store.put('blob', bodyOf(testBytes(1_000)));

    const url = await bucket.store.presignGet('blob', {
      expiresInSeconds: 60,
      contentDisposition: 'attachment; filename="a b.txt"',
      contentType: 'text/plain',
    });
    const response = await fetch(url);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="a b.txt"');
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(testBytes(1_000).equals(Buffer.from(await response.arrayBuffer()))).toBe(true);
  });

  it('reads nothing else with the same signature', async () => {
    await bucket.store.put('other', bodyOf(testBytes(10)));
    const url = await bucket.store.presignGet('blob', { expiresInSeconds: 60 });

    expect((await fetch(url.replace('/blob', '/other'))).status).toBe(403);
  });

  it.each([0, 1.5, 604_801])('refuses an expiry of %d seconds', async (expiresInSeconds) => {
    await expect(bucket.store.presignGet('blob', { expiresInSeconds })).rejects.toBeInstanceOf(BlobStoreError);
  });
});

describe('presignPart', () => {
  it('takes a part by PUT, which the upload then lists and joins', async () => {
    const upload = await bucket.store.createMultipart('direct');
    const options = { partNumber: 1, expiresInSeconds: 60, sizeBytes: 2_000 };
    const url = await bucket.store.presignPart(upload.key, upload.uploadId, options);

    const response = await fetch(url, { method: 'PUT', body: testBytes(2_000) });

    expect(response.status).toBe(200);
    const parts = await upload.listParts();
    expect(parts).toEqual([{ partNumber: 1, sizeBytes: 2_000, etag: response.headers.get('etag') }]);
    await upload.complete(parts);
    expect(testBytes(2_000).equals(await collect(await bucket.store.get('direct')))).toBe(true);
  });

  it('refuses a part of another length than was signed', async () => {
    const upload = await bucket.store.createMultipart('direct-2');
    const options = { partNumber: 1, expiresInSeconds: 60, sizeBytes: 2_000 };
    const url = await bucket.store.presignPart(upload.key, upload.uploadId, options);

    expect((await fetch(url, { method: 'PUT', body: testBytes(2_001) })).status).toBe(403);
    await upload.abort();
  });
});
