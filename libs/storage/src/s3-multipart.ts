import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

import type { BlobSize, MultipartUpload, UploadedPart, UploadPartOptions } from './blob-store.ts';
import { BlobStoreUnavailableError, MultipartUploadNotFoundError } from './blob-store-errors.ts';
import { BodyReader } from './body-reader.ts';
import { assertPartNumber, assertPartOrder, assertPartSize } from './multipart-parts.ts';
import { PartReader, type Part } from './part-reader.ts';
import { headObject } from './s3-head.ts';
import type { S3Connection } from './s3-connection.ts';
import type { S3PutContext } from './s3-put.ts';
import { toMultipartLimits } from './s3-options.ts';

export interface UploadAddress {
  readonly key: string;
  readonly uploadId: string;
}

/**
 * Its parts carry no CRC32, since those sent by presigned URL cannot and S3 does not mix the two; the signature
 * covers the bytes of those sent from here.
 */
export class S3MultipartUpload implements MultipartUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly #context: S3PutContext;

  constructor({ key, uploadId }: UploadAddress, context: S3PutContext) {
    this.key = key;
    this.uploadId = uploadId;
    this.#context = context;
  }

  async uploadPart(
    partNumber: number,
    body: AsyncIterable<Uint8Array>,
    { sizeBytes, signal }: UploadPartOptions,
  ): Promise<UploadedPart> {
    const { settings, buffers } = this.#context;
    assertPartNumber(partNumber);
    assertPartSize(sizeBytes, toMultipartLimits(settings));
    using reader = new BodyReader(body, { sizeBytes, ...(signal && { signal }) });
    const { partSizeBytes } = settings;
    const part = await new PartReader(reader, { partSizeBytes, sizeBytes, buffers, signal }).next();
    try {
      const etag = await this.#send(partNumber, part, signal);
      return { partNumber, sizeBytes, etag };
    } finally {
      part.release();
    }
  }

  async listParts(): Promise<readonly UploadedPart[]> {
    const { connection } = this.#context;
    const parts: UploadedPart[] = [];
    for (let marker: string | undefined; ;) {
      const command = new ListPartsCommand({ ...this.#address(), PartNumberMarker: marker });
      const page = await connection.send(this, (options) => connection.plainClient.send(command, options));
      for (const { PartNumber = 0, Size = 0, ETag = '' } of page.Parts ?? [])
        parts.push({ partNumber: PartNumber, sizeBytes: Size, etag: ETag });
      marker = page.NextPartNumberMarker;
      if (page.IsTruncated !== true || marker === undefined) return parts;
    }
  }

  async complete(parts: readonly UploadedPart[]): Promise<BlobSize> {
    assertPartOrder(parts);
    const { connection, settings } = this.#context;
    const command = new CompleteMultipartUploadCommand({
      ...this.#address(),
      MultipartUpload: { Parts: parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag })) },
    });
    const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
    await completeUpload({ connection, upload: this, command, sizeBytes, deadlineMs: settings.deadlines.completeMs });
    return { sizeBytes };
  }

  async abort(): Promise<void> {
    await abortUpload(this.#context.connection, this);
  }

  #address(): { Bucket: string; Key: string; UploadId: string } {
    return { Bucket: this.#context.connection.bucket, Key: this.key, UploadId: this.uploadId };
  }

  async #send(partNumber: number, { bytes }: Part, signal: AbortSignal | undefined): Promise<string> {
    const { connection } = this.#context;
    const input = { ...this.#address(), PartNumber: partNumber, Body: bytes, ContentLength: bytes.length };
    const { ETag = '' } = await connection.send(
      { key: this.key, uploadId: this.uploadId, bytes: bytes.length, signal },
      (options) => connection.plainClient.send(new UploadPartCommand(input), options),
    );
    return ETag;
  }
}

export interface Completion {
  readonly connection: S3Connection;
  readonly upload: UploadAddress;
  readonly command: CompleteMultipartUploadCommand;
  readonly sizeBytes: number;
  readonly deadlineMs: number;
}

/**
 * An upload that is gone was completed if its blob is there: by an attempt whose answer was lost. A server fault does
 * not tell whether it is gone, and Ceph words the completion of a missing upload as one.
 */
export async function completeUpload(completion: Completion): Promise<void> {
  const { connection, upload, command, sizeBytes, deadlineMs } = completion;
  const { key, uploadId } = upload;
  try {
    await connection.send({ key, uploadId, deadlineMs }, (options) => connection.plainClient.send(command, options));
  } catch (error) {
    const isGone =
      error instanceof MultipartUploadNotFoundError ||
      (error instanceof BlobStoreUnavailableError && (await isUploadGone(connection, upload)));
    if (!isGone) throw error;
    if ((await headObject(connection, key))?.sizeBytes === sizeBytes) return;
    throw new MultipartUploadNotFoundError(upload, { cause: error });
  }
}

/** False also where S3 does not tell. */
async function isUploadGone(connection: S3Connection, { key, uploadId }: UploadAddress): Promise<boolean> {
  const command = new ListPartsCommand({ Bucket: connection.bucket, Key: key, UploadId: uploadId, MaxParts: 1 });
  try {
    await connection.send({ key, uploadId }, (options) => connection.plainClient.send(command, options));
    return false;
  } catch (error) {
    return error instanceof MultipartUploadNotFoundError;
  }
}

/** Frees the parts; an upload that has ended is fine. */
export async function abortUpload(connection: S3Connection, { key, uploadId }: UploadAddress): Promise<void> {
  const command = new AbortMultipartUploadCommand({ Bucket: connection.bucket, Key: key, UploadId: uploadId });
  try {
    await connection.send({ key, uploadId }, (options) => connection.client.send(command, options));
  } catch (error) {
    if (!(error instanceof MultipartUploadNotFoundError)) throw error;
  }
}
