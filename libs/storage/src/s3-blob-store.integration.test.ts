import { expect, it } from '@jest/globals';

import { describeBlobStoreContract } from './testing/blob-store-contract.ts';
import { openS3Bucket } from './testing/s3-bucket.ts';

const PART_SIZE_BYTES = 5 * 1024 ** 2; // the least S3 takes

describeBlobStoreContract('S3BlobStore', {
  partSizeBytes: PART_SIZE_BYTES,
  open: async () => {
    const bucket = await openS3Bucket({ partSizeBytes: PART_SIZE_BYTES });
    return { store: bucket.store, leftovers: () => bucket.openUploads(), close: () => bucket.close() };
  },
});

it('leaves the uploads of others in its bucket alone', async () => {
  const bucket = await openS3Bucket({ partSizeBytes: PART_SIZE_BYTES });
  try {
    for (const key of ['own-1', 'foreign-1', 'check-00000000-0000-4000-8000-000000000000'])
      await bucket.store.createMultipart(key);
    expect(await bucket.store.removeAbandoned(-3_600_000, (key) => key.startsWith('own-'))).toBe(2);
    expect(await bucket.openUploads()).toEqual(['foreign-1']);
    await bucket.store.removeAbandoned(-3_600_000);
  } finally {
    await bucket.close();
  }
});
