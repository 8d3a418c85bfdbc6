import { GetObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

import type { PresignGetOptions, PresignPartOptions } from './blob-store.ts';
import { BlobStoreError } from './blob-store-errors.ts';
import type { S3Connection } from './s3-connection.ts';
import type { UploadAddress } from './s3-multipart.ts';
import { assertPartNumber } from './multipart-parts.ts';
import { translateS3Error } from './translate-s3-error.ts';

/** AWS, "Authenticating Requests: Using Query Parameters": X-Amz-Expires is 1 to 604800. */
const MAX_EXPIRY_SECONDS = 604_800;

export async function presignGet(connection: S3Connection, key: string, options: PresignGetOptions): Promise<string> {
  const { expiresInSeconds, contentDisposition, contentType } = options;
  assertExpiry(expiresInSeconds);
  const command = new GetObjectCommand({
    Bucket: connection.bucket,
    Key: key,
    ...(contentDisposition !== undefined && { ResponseContentDisposition: contentDisposition }),
    ...(contentType !== undefined && { ResponseContentType: contentType }),
  });
  try {
    return await getSignedUrl(connection.plainClient, command, { expiresIn: expiresInSeconds });
  } catch (error) {
    throw translateS3Error(error, { key });
  }
}

export async function presignPart(
  connection: S3Connection,
  { key, uploadId }: UploadAddress,
  { partNumber, expiresInSeconds, sizeBytes }: PresignPartOptions,
): Promise<string> {
  assertExpiry(expiresInSeconds);
  assertPartNumber(partNumber);
  const command = new UploadPartCommand({
    Bucket: connection.bucket,
    Key: key,
    UploadId: uploadId,
    PartNumber: partNumber,
    ...(sizeBytes !== undefined && { ContentLength: sizeBytes }),
  });
  // The SDK leaves content-length out of the signature unless it is told otherwise.
  const signed = sizeBytes === undefined ? {} : { signableHeaders: new Set(['host', 'content-length']) };
  try {
    return await getSignedUrl(connection.plainClient, command, { expiresIn: expiresInSeconds, ...signed });
  } catch (error) {
    throw translateS3Error(error, { key, uploadId });
  }
}

function assertExpiry(seconds: number): void {
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > MAX_EXPIRY_SECONDS)
    throw new BlobStoreError(`A URL is valid for 1 to ${MAX_EXPIRY_SECONDS} seconds.`);
}
