export type {
  BlobInfo,
  BlobRange,
  BlobSize,
  BlobStore,
  GetBlobOptions,
  ListBlobsOptions,
  ListedBlob,
  MultipartLimits,
  MultipartUpload,
  PresignGetOptions,
  PresignPartOptions,
  PutBlobOptions,
  UploadedPart,
  UploadPartOptions,
} from './blob-store.ts';
export {
  BlobCorruptedError,
  BlobDeletionError,
  BlobNotFoundError,
  BlobRangeError,
  BlobSizeMismatchError,
  BlobStoreError,
  BlobStoreUnavailableError,
  BlobTooLargeError,
  InvalidBlobKeyError,
  InvalidPartError,
  MultipartUploadNotFoundError,
} from './blob-store-errors.ts';
export { blobStoreSettings, openBlobStore, type BlobStoreSettings } from './blob-store-settings.ts';
export { FileBlobStore, type FileBlobStoreOptions } from './file-blob-store.ts';
export { S3BlobStore } from './s3-blob-store.ts';
export type { S3BlobStoreOptions, S3Deadlines } from './s3-options.ts';
export { sendBlob, type SendBlobOptions } from './send-blob.ts';
export { readBlob } from './whole-blob.ts';
