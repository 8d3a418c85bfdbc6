import type { S3BlobStoreOptions } from '../s3-options.ts';

/** Options for a server named like `http://KEY:SECRET@HOST:PORT`. */
export function s3OptionsOf(url: string): Omit<S3BlobStoreOptions, 'bucket'> {
  const { username, password, origin } = new URL(url);
  return {
    endpoint: origin,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) },
  };
}
