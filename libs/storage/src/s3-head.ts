import { HeadObjectCommand } from '@aws-sdk/client-s3';

import type { BlobInfo } from './blob-store.ts';
import { BlobNotFoundError } from './blob-store-errors.ts';
import type { S3Connection } from './s3-connection.ts';

/** Undefined where there is no such object. */
export async function headObject(connection: S3Connection, key: string): Promise<BlobInfo | undefined> {
  const command = new HeadObjectCommand({ Bucket: connection.bucket, Key: key });
  try {
    const output = await connection.send({ key }, (options) => connection.plainClient.send(command, options));
    return { sizeBytes: output.ContentLength ?? 0, modifiedAt: output.LastModified ?? new Date(0) };
  } catch (error) {
    if (error instanceof BlobNotFoundError) return undefined;
    throw error;
  }
}
