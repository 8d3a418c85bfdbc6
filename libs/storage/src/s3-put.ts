import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';

import type { BlobSize, PutBlobOptions } from './blob-store.ts';
import { BlobTooLargeError } from './blob-store-errors.ts';
import { BodyReader } from './body-reader.ts';
import { choosePartSize, S3_MAX_BLOB_SIZE_BYTES, S3_MAX_PARTS } from './multipart-parts.ts';
import type { PartBuffers } from './part-buffers.ts';
import { PartReader, type Part } from './part-reader.ts';
import type { S3Connection } from './s3-connection.ts';
import { abortUpload, completeUpload, type UploadAddress } from './s3-multipart.ts';
import type { S3Settings } from './s3-options.ts';

export interface S3PutContext {
  readonly connection: S3Connection;
  readonly settings: S3Settings;
  readonly buffers: PartBuffers;
}

interface PartsToUpload {
  readonly first: Part;
  readonly parts: PartReader;
  readonly uploading: Set<Promise<void>>;
}

/** One put: in one request where the body fits into a part, else in parts. */
export class S3Put {
  readonly #key: string;
  readonly #context: S3PutContext;
  /** Stops the body and all requests: by the caller's signal, or because a part failed. */
  readonly #stop = new AbortController();

  constructor(key: string, context: S3PutContext) {
    this.#key = key;
    this.#context = context;
  }

  async run(body: AsyncIterable<Uint8Array>, options: PutBlobOptions): Promise<BlobSize> {
    const { sizeBytes, signal } = options;
    if (sizeBytes !== undefined && sizeBytes > S3_MAX_BLOB_SIZE_BYTES)
      throw new BlobTooLargeError(S3_MAX_BLOB_SIZE_BYTES, 'S3 takes no more');
    signal?.throwIfAborted();
    const onAbort = (): void => this.#stop.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      using reader = new BodyReader(body, {
        ...(sizeBytes !== undefined && { sizeBytes }),
        signal: this.#stop.signal,
      });
      await this.#store(reader, this.#cut(reader, options));
      return { sizeBytes: reader.receivedBytes };
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #cut(reader: BodyReader, { sizeBytes, takesChunks }: PutBlobOptions): PartReader {
    const { buffers, settings } = this.#context;
    const partSizeBytes = choosePartSize(settings.partSizeBytes, sizeBytes);
    return new PartReader(reader, { partSizeBytes, sizeBytes, buffers, takesChunks, signal: this.#stop.signal });
  }

  async #store(reader: BodyReader, parts: PartReader): Promise<void> {
    const first = await parts.next();
    if (!first.last) return this.#storeInParts(reader, first, parts);
    try {
      await this.#putObject(first.bytes);
    } finally {
      first.release();
    }
  }

  /** Without the caller's signal: the bytes are complete, and a request cut off might still take effect. */
  async #putObject(bytes: Buffer): Promise<void> {
    const { connection } = this.#context;
    const command = new PutObjectCommand({
      Bucket: connection.bucket,
      Key: this.#key,
      Body: bytes,
      ContentLength: bytes.length,
    });
    await connection.send({ key: this.#key, bytes: bytes.length }, (options) =>
      connection.client.send(command, options),
    );
  }

  async #storeInParts(reader: BodyReader, first: Part, parts: PartReader): Promise<void> {
    const upload = await this.#begin(first);
    const uploading = new Set<Promise<void>>();
    try {
      const completed = await this.#uploadParts(upload, { first, parts, uploading });
      await this.#complete(upload, completed, reader.receivedBytes);
    } catch (error) {
      // S3 may still store a part that is under way when its upload is aborted: wait for the last one.
      this.#stop.abort(error);
      await Promise.allSettled(uploading);
      await abortUpload(this.#context.connection, upload).catch(() => undefined);
      throw error;
    }
  }

  /** Sends parts while the next one is being filled. Parts under way when it rejects are left in `uploading`. */
  async #uploadParts(upload: UploadAddress, { first, parts, uploading }: PartsToUpload): Promise<CompletedPart[]> {
    const completed: CompletedPart[] = [];
    for (let part = first, number = 1; ; number += 1) {
      this.#assertPartAllowed(part, number);
      const task = this.#uploadPart(upload, number, part).then((done) => {
        completed.push(done);
        uploading.delete(task);
      });
      task.catch((error: unknown) => this.#stop.abort(error));
      uploading.add(task);
      if (part.last) break;
      if (uploading.size >= this.#context.settings.partsInFlight) await Promise.race(uploading);
      part = await parts.next();
    }
    await Promise.all(uploading);
    return completed.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
  }

  async #begin(first: Part): Promise<UploadAddress> {
    const { connection } = this.#context;
    const command = new CreateMultipartUploadCommand({
      Bucket: connection.bucket,
      Key: this.#key,
      ChecksumAlgorithm: 'CRC32',
      // One checksum over all bytes instead of one over those of the parts: only such a one is checked on reading.
      ChecksumType: 'FULL_OBJECT',
    });
    try {
      const output = await connection.send({ key: this.#key, signal: this.#stop.signal }, (options) =>
        connection.client.send(command, options),
      );
      return { key: this.#key, uploadId: output.UploadId ?? '' };
    } catch (error) {
      first.release();
      throw error;
    }
  }

  #assertPartAllowed(part: Part, number: number): void {
    if (number <= S3_MAX_PARTS) return;
    part.release();
    const { partSizeBytes } = this.#context.settings;
    const reason = `its length was not announced, and S3 takes ${S3_MAX_PARTS} parts, here of ${partSizeBytes} bytes`;
    throw new BlobTooLargeError(S3_MAX_PARTS * partSizeBytes, reason);
  }

  async #uploadPart(upload: UploadAddress, number: number, part: Part): Promise<CompletedPart> {
    const { connection } = this.#context;
    const command = new UploadPartCommand({
      Bucket: connection.bucket,
      Key: upload.key,
      UploadId: upload.uploadId,
      PartNumber: number,
      Body: part.bytes,
      ContentLength: part.bytes.length,
      ChecksumAlgorithm: 'CRC32',
    });
    try {
      const { ETag, ChecksumCRC32 } = await connection.send(
        { ...upload, bytes: part.bytes.length, signal: this.#stop.signal },
        (options) => connection.client.send(command, options),
      );
      return { PartNumber: number, ETag, ...(ChecksumCRC32 !== undefined && { ChecksumCRC32 }) };
    } finally {
      part.release();
    }
  }

  async #complete(upload: UploadAddress, parts: CompletedPart[], sizeBytes: number): Promise<void> {
    const { connection, settings } = this.#context;
    const command = new CompleteMultipartUploadCommand({
      Bucket: connection.bucket,
      Key: upload.key,
      UploadId: upload.uploadId,
      MultipartUpload: { Parts: parts },
    });
    await completeUpload({ connection, upload, command, sizeBytes, deadlineMs: settings.deadlines.completeMs });
  }
}
