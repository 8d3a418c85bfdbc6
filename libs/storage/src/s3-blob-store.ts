import {
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';

import { assertBlobKey } from './blob-key.ts';
import { assertBlobRange } from './blob-range.ts';
import type {
  BlobInfo,
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
} from './blob-store.ts';
import { BlobDeletionError, BlobStoreError } from './blob-store-errors.ts';
import { isCheckKey, newCheckKey } from './check-key.ts';
import { markAsOwnChunks } from './chunk-memory.ts';
import { destroyOnAbort } from './destroy-on-abort.ts';
import { PartBuffers } from './part-buffers.ts';
import { S3BlobStream } from './s3-blob-stream.ts';
import { S3Connection } from './s3-connection.ts';
import { headObject } from './s3-head.ts';
import { abortUpload, S3MultipartUpload, type UploadAddress } from './s3-multipart.ts';
import { toMultipartLimits, toS3Settings, type S3BlobStoreOptions, type S3Settings } from './s3-options.ts';
import { presignGet, presignPart } from './s3-presigning.ts';
import { S3Put, type S3PutContext } from './s3-put.ts';
import { abortUploads } from './s3-sweeping.ts';

/** AWS, API reference of DeleteObjects: up to 1000 keys. */
const KEYS_PER_DELETION = 1_000;

/**
 * Blobs as objects of one bucket. Of a process that dies in the middle of a large put the parts stay, unseen and
 * paid for: give the bucket a lifecycle rule that aborts incomplete multipart uploads.
 */
export class S3BlobStore implements BlobStore, AsyncDisposable {
  readonly multipartLimits: MultipartLimits;
  readonly #settings: S3Settings;
  readonly #connection: S3Connection;
  readonly #context: S3PutContext;

  private constructor(settings: S3Settings) {
    this.#settings = settings;
    this.multipartLimits = toMultipartLimits(settings);
    this.#connection = new S3Connection(settings);
    const buffers = new PartBuffers({
      bufferBytes: settings.partSizeBytes,
      totalBytes: settings.partMemoryBytes,
      waitMs: settings.deadlines.memoryMs,
    });
    this.#context = { connection: this.#connection, settings, buffers };
  }

  /** Sends nothing; `check` tells whether the bucket can be used. */
  static async open(options: S3BlobStoreOptions): Promise<S3BlobStore> {
    return new S3BlobStore(toS3Settings(options));
  }

  async put(key: string, body: AsyncIterable<Uint8Array>, options: PutBlobOptions = {}): Promise<BlobSize> {
    assertBlobKey(key);
    return new S3Put(key, this.#context).run(body, options);
  }

  async get(key: string, { range, signal }: GetBlobOptions = {}): Promise<Readable> {
    assertBlobKey(key);
    if (range !== undefined) assertBlobRange(range);
    const command = new GetObjectCommand({
      Bucket: this.#connection.bucket,
      Key: key,
      ...(range && { Range: `bytes=${range.start}-${range.end}` }),
    });
    const stop = new AbortController();
    const output = await this.#connection.sendStoppable(
      { key, signal },
      { stop, perform: (options) => this.#connection.readClient.send(command, options) },
    );
    if (!(output.Body instanceof Readable)) throw new BlobStoreError('S3 answered without a body.');
    const stream = new S3BlobStream(output.Body, { key, stop, idleMs: this.#settings.deadlines.idleMs });
    return destroyOnAbort(markAsOwnChunks(stream), signal);
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    assertBlobKey(key);
    return headObject(this.#connection, key);
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    keys.forEach(assertBlobKey);
    const failed: string[] = [];
    let cause: unknown;
    for (let start = 0; start < keys.length; start += KEYS_PER_DELETION) {
      const batch = keys.slice(start, start + KEYS_PER_DELETION);
      try {
        failed.push(...(await this.#deleteBatch(batch)));
      } catch (error) {
        failed.push(...batch);
        cause ??= error;
      }
    }
    if (failed.length > 0) throw new BlobDeletionError(failed, { cause });
  }

  async *list({ prefix, startAfter }: ListBlobsOptions = {}): AsyncGenerator<ListedBlob> {
    for (let token: string | undefined; ;) {
      const command = new ListObjectsV2Command({
        Bucket: this.#connection.bucket,
        Prefix: prefix,
        StartAfter: startAfter,
        ContinuationToken: token,
      });
      const page = await this.#connection.send({}, (options) => this.#connection.client.send(command, options));
      for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
        yield { key: Key, sizeBytes: Size, modifiedAt: LastModified };
      token = page.NextContinuationToken;
      if (page.IsTruncated !== true || token === undefined) return;
    }
  }

  async createMultipart(key: string): Promise<MultipartUpload> {
    assertBlobKey(key);
    return new S3MultipartUpload(await this.#createUpload(key), this.#context);
  }

  multipart(key: string, uploadId: string): MultipartUpload {
    assertBlobKey(key);
    return new S3MultipartUpload({ key, uploadId }, this.#context);
  }

  async presignGet(key: string, options: PresignGetOptions): Promise<string> {
    assertBlobKey(key);
    return presignGet(this.#connection, key, options);
  }

  async presignPart(key: string, uploadId: string, options: PresignPartOptions): Promise<string> {
    assertBlobKey(key);
    return presignPart(this.#connection, { key, uploadId }, options);
  }

  async removeAbandoned(olderThanMs: number, isOwn: (key: string) => boolean = () => true): Promise<number> {
    return abortUploads(this.#connection, {
      begunBefore: new Date(Date.now() - olderThanMs),
      matches: (key) => isCheckKey(key) || isOwn(key),
    });
  }

  /** Begins an upload and aborts it: that needs the right to write, and is never seen under a key. */
  async check(): Promise<void> {
    const command = new HeadBucketCommand({ Bucket: this.#connection.bucket });
    await this.#connection.send({}, (options) => this.#connection.client.send(command, options));
    await abortUpload(this.#connection, await this.#createUpload(newCheckKey()));
  }

  /** Closes the connections; operations under way fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection[Symbol.dispose]();
  }

  async #createUpload(key: string): Promise<UploadAddress> {
    const command = new CreateMultipartUploadCommand({ Bucket: this.#connection.bucket, Key: key });
    const output = await this.#connection.send({ key }, (options) =>
      this.#connection.plainClient.send(command, options),
    );
    return { key, uploadId: output.UploadId ?? '' };
  }

  /** @returns the keys that are left */
  async #deleteBatch(keys: readonly string[]): Promise<string[]> {
    const command = new DeleteObjectsCommand({
      Bucket: this.#connection.bucket,
      Delete: { Quiet: true, Objects: keys.map((key) => ({ Key: key })) },
    });
    const output = await this.#connection.send({}, (options) => this.#connection.client.send(command, options));
    return (output.Errors ?? []).map(({ Key = '' }) => Key);
  }
}
