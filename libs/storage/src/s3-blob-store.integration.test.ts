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
