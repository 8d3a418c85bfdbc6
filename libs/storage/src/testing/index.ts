export {
  describeBlobStoreContract,
  type BlobStoreContractOptions,
  type BlobStoreSubject,
} from './blob-store-contract.ts';
export { MemoryBlobStore } from './memory-blob-store.ts';
export { openS3Bucket, type S3TestBucket } from './s3-bucket.ts';
