import type { S3ClientConfig } from '@aws-sdk/client-s3';

import type { MultipartLimits } from './blob-store.ts';
import { BlobStoreError } from './blob-store-errors.ts';
import { S3_MAX_PARTS, S3_MIN_PART_SIZE_BYTES } from './multipart-parts.ts';

/** How long things may take, in milliseconds. */
export interface S3Deadlines {
  /** Until a connection stands. @default 1000 */
  readonly connectMs: number;
  /** Until an attempt is answered, plus a second for every `minBytesPerSecond` it carries. @default 5000 */
  readonly attemptMs: number;
  /** For a request with all its attempts, plus the time for its bytes in each of them. @default 15000 */
  readonly totalMs: number;
  /** Without a byte, while a reader waits for one. A reader that does not ask for bytes is given all its time. @default 10000 */
  readonly idleMs: number;
  /** For a put until there is memory for its next part. @default 30000 */
  readonly memoryMs: number;
  /** For joining the parts of an upload, for which AWS may take minutes. @default 120000 */
  readonly completeMs: number;
}

export interface S3BlobStoreOptions {
  readonly bucket: string;
  /** @default what the AWS SDK finds in the environment */
  readonly region?: string;
  /** URL of the server. @default AWS's own for the region */
  readonly endpoint?: string;
  /** Bucket in the path instead of the host name, as most servers besides AWS want it. @default false */
  readonly forcePathStyle?: boolean;
  /** @default the AWS SDK's chain of providers */
  readonly credentials?: NonNullable<S3ClientConfig['credentials']>;
  readonly deadlines?: Partial<S3Deadlines>;
  /** Attempts of a request, the first included. @default 3 */
  readonly maxAttempts?: number;
  /** From 5 MiB. Also the largest body stored in one request. @default 8 MiB */
  readonly partSizeBytes?: number;
  /** Parts of one put that are under way at a time, while the next is being filled. @default 2 */
  readonly partsInFlight?: number;
  /** Memory for parts of all puts together; a put that finds none waits for `memoryMs`. @default 96 MiB */
  readonly partMemoryBytes?: number;
  /** Slowest transfer to S3 that is waited for. @default 1 MiB */
  readonly minBytesPerSecond?: number;
  /** Connections at a time for all but reads. @default 200 */
  readonly maxSockets?: number;
  /** Reads open at a time; each holds a connection of its own, for as long as its reader takes. @default 500 */
  readonly maxReads?: number;
}

const MIB = 1024 ** 2;

const DEFAULT_S3_DEADLINES: S3Deadlines = {
  connectMs: 1_000,
  attemptMs: 5_000,
  totalMs: 15_000,
  idleMs: 10_000,
  memoryMs: 30_000,
  completeMs: 120_000,
};

const DEFAULT_S3_OPTIONS = {
  maxAttempts: 3,
  partSizeBytes: 8 * MIB,
  partsInFlight: 2,
  partMemoryBytes: 96 * MIB,
  minBytesPerSecond: MIB,
  maxSockets: 200,
  maxReads: 500,
} as const;

/** The options with nothing left open but what the SDK finds by itself. */
export type S3Settings = S3BlobStoreOptions &
  Required<Pick<S3BlobStoreOptions, keyof typeof DEFAULT_S3_OPTIONS>> & { readonly deadlines: S3Deadlines };

/** @throws BlobStoreError when a size cannot work */
export function toS3Settings(options: S3BlobStoreOptions): S3Settings {
  const settings = {
    ...DEFAULT_S3_OPTIONS,
    ...options,
    deadlines: { ...DEFAULT_S3_DEADLINES, ...options.deadlines },
  };
  if (settings.partSizeBytes < S3_MIN_PART_SIZE_BYTES)
    throw new BlobStoreError(`partSizeBytes must be ${S3_MIN_PART_SIZE_BYTES} or more.`);
  if (settings.partMemoryBytes < settings.partSizeBytes)
    throw new BlobStoreError('partMemoryBytes must hold one part at least.');
  return settings;
}

/** A part that goes through this process must fit into a buffer; one sent to a presigned URL need not. */
export function toMultipartLimits({ partSizeBytes }: S3Settings): MultipartLimits {
  return { minPartSizeBytes: S3_MIN_PART_SIZE_BYTES, maxPartSizeBytes: partSizeBytes, maxParts: S3_MAX_PARTS };
}
