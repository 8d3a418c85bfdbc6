import { z } from 'zod';
import type { BlobStore } from './blob-store.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { S3BlobStore } from './s3-blob-store.ts';

/** Variables that name a blob store, as fields of an app's settings schema. */
export const blobStoreSettings = {
  AWS_REGION: z.string().default('us-east-1').describe('Region of RDS, ElastiCache and S3.'),
  S3_BUCKET: z.string().optional().describe('Bucket that holds the blobs.'),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Endpoint of an S3-compatible store other than AWS.'),
  S3_FORCE_PATH_STYLE: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .default(false)
    .describe('`true` for stores that do not know bucket host names.'),
  BLOB_DIRECTORY: z
    .string()
    .default('.local/blobs')
    .describe(
      'Where blobs are kept when S3_BUCKET is not set. The API makes a store there; the worker refuses a directory without one.',
    ),
};

/** The values of {@link blobStoreSettings}. */
export type BlobStoreSettings = z.output<z.ZodObject<typeof blobStoreSettings>>;

/**
 * Opens the store that the settings name: a bucket, or a directory where there is none. Without `create` the directory has to hold a
 * store: one that is not mounted is not taken for an empty one.
 * @throws {BlobStoreUnavailableError} when the directory cannot be used
 */
export async function openBlobStore(
  settings: BlobStoreSettings,
  { create = true }: { readonly create?: boolean } = {},
): Promise<BlobStore & AsyncDisposable> {
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint } = settings;
  if (bucket === undefined) return FileBlobStore.open({ directory: settings.BLOB_DIRECTORY, create });
  return S3BlobStore.open({
    bucket,
    region: settings.AWS_REGION,
    forcePathStyle: settings.S3_FORCE_PATH_STYLE,
    ...(endpoint !== undefined && { endpoint }),
  });
}
