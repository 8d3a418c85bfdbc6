import type { Readable } from 'node:stream';

/** What a put may be told besides its bytes. */
export interface PutBlobOptions {
  /**
   * Exact length of the body in bytes, where known. A shorter or longer body rejects with
   * `BlobSizeMismatchError` and stores nothing. With it S3 needs no guess about part sizes.
   */
  readonly sizeBytes?: number;
  /** Stops the put, which then rejects with the signal's reason. Not heard once the last byte is being stored. */
  readonly signal?: AbortSignal;
  /**
   * Lets the put free the memory of each chunk once it is stored, which leaves the chunk empty. For bodies whose
   * chunks nobody looks at afterwards, such as those of an HTTP request; it keeps a large upload from holding 64 MiB
   * of dead buffers.
   *
   * @default false
   */
  readonly takesChunks?: boolean;
}

/** Bytes `start` to `end`, both inclusive and counted from 0, as in RFC 9110 section 14.1.2. */
export interface BlobRange {
  readonly start: number;
  /** An end past the last byte means the last byte. */
  readonly end: number;
}

export interface GetBlobOptions {
  readonly range?: BlobRange;
  /** Destroys the stream, also after it was handed out. */
  readonly signal?: AbortSignal;
}

/** What a store knows of a blob besides its bytes. */
export interface BlobInfo {
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

export interface ListedBlob extends BlobInfo {
  readonly key: string;
}

export interface ListBlobsOptions {
  /** Only keys that begin with it. */
  readonly prefix?: string;
  /** Only keys after it in byte order; it need not exist. */
  readonly startAfter?: string;
}

/** A part that the store has acknowledged. */
export interface UploadedPart {
  /** From 1 to `maxParts`; parts are joined in the order of their numbers. */
  readonly partNumber: number;
  readonly sizeBytes: number;
  /** What the store calls these bytes; opaque. */
  readonly etag: string;
}

/** Bounds a store sets for the parts of a multipart upload. */
export interface MultipartLimits {
  /** Smallest part that may be followed by another. */
  readonly minPartSizeBytes: number;
  /** Largest part `uploadPart` takes. */
  readonly maxPartSizeBytes: number;
  readonly maxParts: number;
}

/**
 * An upload in parts, which any process can go on with from its key and id. Parts may come in any order and at the
 * same time; a part sent again replaces the earlier one. Nothing is visible under the key until `complete`.
 */
export interface MultipartUpload {
  readonly key: string;
  readonly uploadId: string;
  /**
   * Stores one part of exactly `sizeBytes`; durable when it resolves. A body of another length rejects with
   * `BlobSizeMismatchError` and leaves an earlier part of that number as it was.
   */
  uploadPart(partNumber: number, body: AsyncIterable<Uint8Array>, options: UploadPartOptions): Promise<UploadedPart>;
  /** Parts stored so far, by number. Rejects with `MultipartUploadNotFoundError` when the upload has ended. */
  listParts(): Promise<readonly UploadedPart[]>;
  /**
   * Joins the parts, given in the order of their numbers, into the blob; durable when it resolves. Doing it again
   * after success is fine, so that a lost answer can be repeated.
   */
  complete(parts: readonly UploadedPart[]): Promise<BlobSize>;
  /** Ends the upload and frees its parts. An upload that has ended already is fine. */
  abort(): Promise<void>;
}

export interface UploadPartOptions {
  readonly sizeBytes: number;
  readonly signal?: AbortSignal;
}

export interface BlobSize {
  readonly sizeBytes: number;
}

export interface PresignGetOptions {
  /** From 1 second to 7 days, the longest a Signature Version 4 URL may live. */
  readonly expiresInSeconds: number;
  /** Sent back as `Content-Disposition`. */
  readonly contentDisposition?: string;
  /** Sent back as `Content-Type`. */
  readonly contentType?: string;
}

export interface PresignPartOptions {
  readonly partNumber: number;
  /** From 1 second to 7 days. */
  readonly expiresInSeconds: number;
  /** Signs the length, so that the URL takes a part of exactly this many bytes. */
  readonly sizeBytes?: number;
}

/**
 * Immutable bytes under keys made by the server: 1 to 200 of `A–Z a–z 0–9 / _ -`, neither beginning nor ending with a
 * slash. Any other key rejects with `InvalidBlobKeyError`. Every method may reject with `BlobStoreUnavailableError`,
 * and after that one a put may have taken effect, whole; a part of the bytes is never visible.
 */
export interface BlobStore {
  readonly multipartLimits: MultipartLimits;
  /**
   * Stores the body; durable when it resolves. A blob that is replaced is whole at any time, the old one or the new.
   * On error or abort nothing new is left under the key or anywhere else. A yielded chunk must not be changed
   * afterwards. A body not read to its end is closed by its iterator's `return`: to answer on a request whose body
   * was refused, hand over `request.iterator({ destroyOnReturn: false })`.
   */
  put(key: string, body: AsyncIterable<Uint8Array>, options?: PutBlobOptions): Promise<BlobSize>;
  /**
   * Opens a blob. Rejects with `BlobNotFoundError` or `BlobRangeError` before any byte. Destroying the stream
   * releases its file or socket at once; a stream neither read to its end nor destroyed holds on to it.
   */
  get(key: string, options?: GetBlobOptions): Promise<Readable>;
  /** Undefined where there is no such blob. */
  head(key: string): Promise<BlobInfo | undefined>;
  /** Deletes blobs; missing ones are fine. Rejects with `BlobDeletionError`, which names those that are left. */
  deleteMany(keys: readonly string[]): Promise<void>;
  /** Blobs in byte order of their keys, in memory that does not grow with their number. */
  list(options?: ListBlobsOptions): AsyncIterable<ListedBlob>;
  createMultipart(key: string): Promise<MultipartUpload>;
  /** An upload that `createMultipart` began, maybe in another process; asks the store nothing. */
  multipart(key: string, uploadId: string): MultipartUpload;
  /** A URL that reads the blob without credentials; undefined where the store has no URLs of its own. */
  presignGet(key: string, options: PresignGetOptions): Promise<string | undefined>;
  /** A URL that takes one part by PUT; undefined where the store has no URLs of its own. */
  presignPart(key: string, uploadId: string, options: PresignPartOptions): Promise<string | undefined>;
  /**
   * Removes what crashed processes left unfinished: multipart uploads, and bodies that never came to their end, to
   * which nothing was written for `olderThanMs`; S3 counts from when an upload began. Choose it longer than any put or
   * upload may take. A bucket may hold uploads of others: `isOwn` tells by the key which to remove.
   *
   * @param isOwn @default all
   * @returns how many were removed
   */
  removeAbandoned(olderThanMs: number, isOwn?: (key: string) => boolean): Promise<number>;
  /** Resolves when the store can be reached and written to; leaves nothing behind. */
  check(): Promise<void>;
}
