/** Root of all that a blob store rejects with; itself what no other class describes. */
export class BlobStoreError extends Error {
  override readonly name: string = 'BlobStoreError';
}

export class BlobNotFoundError extends BlobStoreError {
  override readonly name = 'BlobNotFoundError';
  readonly key: string;

  constructor(key: string, options?: ErrorOptions) {
    super(`There is no blob ${key}.`, options);
    this.key = key;
  }
}

/** The upload was completed or aborted, or there never was one. */
export class MultipartUploadNotFoundError extends BlobStoreError {
  override readonly name = 'MultipartUploadNotFoundError';
  readonly key: string;
  readonly uploadId: string;

  constructor(upload: { readonly key: string; readonly uploadId: string }, options?: ErrorOptions) {
    super(`There is no multipart upload ${upload.uploadId} of ${upload.key}.`, options);
    this.key = upload.key;
    this.uploadId = upload.uploadId;
  }
}

/** The store cannot be reached, refuses us, is full, or did not answer in time. Trying later may help. */
export class BlobStoreUnavailableError extends BlobStoreError {
  override readonly name = 'BlobStoreUnavailableError';
}

/** The body was not of the length announced. */
export class BlobSizeMismatchError extends BlobStoreError {
  override readonly name = 'BlobSizeMismatchError';
  readonly expectedBytes: number;
  /** What had come when the fault was noticed: the whole of a short body, at least one byte too many of a long one. */
  readonly receivedBytes: number;

  constructor(sizes: { readonly expectedBytes: number; readonly receivedBytes: number }) {
    super(`The body has ${sizes.receivedBytes} bytes or more where ${sizes.expectedBytes} were announced.`);
    this.expectedBytes = sizes.expectedBytes;
    this.receivedBytes = sizes.receivedBytes;
  }
}

/** More bytes than the store takes in one blob. */
export class BlobTooLargeError extends BlobStoreError {
  override readonly name = 'BlobTooLargeError';
  readonly maxSizeBytes: number;

  constructor(maxSizeBytes: number, reason: string) {
    super(`A blob may have ${maxSizeBytes} bytes at most: ${reason}.`);
    this.maxSizeBytes = maxSizeBytes;
  }
}

/** The range names no byte of the blob. */
export class BlobRangeError extends BlobStoreError {
  override readonly name = 'BlobRangeError';
}

/** The bytes do not have the checksum recorded or announced for them. */
export class BlobCorruptedError extends BlobStoreError {
  override readonly name = 'BlobCorruptedError';
}

/** Parts that the store cannot join: missing, out of order, too small or too large. */
export class InvalidPartError extends BlobStoreError {
  override readonly name = 'InvalidPartError';
}

export class InvalidBlobKeyError extends BlobStoreError {
  override readonly name = 'InvalidBlobKeyError';

  constructor() {
    super('A blob key is 1 to 200 letters, digits, "_", "-" and single inner slashes.');
  }
}

/** Some blobs of a deletion are left. */
export class BlobDeletionError extends BlobStoreError {
  override readonly name = 'BlobDeletionError';
  /** Keys that were not deleted, or of which it is not known. */
  readonly keys: readonly string[];

  constructor(keys: readonly string[], options?: ErrorOptions) {
    super(`${keys.length} blobs could not be deleted.`, options);
    this.keys = keys;
  }
}
