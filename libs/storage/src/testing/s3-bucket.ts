import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';

import { S3BlobStore } from '../s3-blob-store.ts';
import type { S3BlobStoreOptions } from '../s3-options.ts';
import { s3OptionsOf } from './s3-server-options.ts';

/** A bucket of its own for a test file, on the server that `TEST_S3_URL` names. */
export class S3TestBucket {
  readonly name: string;
  readonly store: S3BlobStore;
  readonly #client: S3Client;

  constructor(name: string, { store, client }: { readonly store: S3BlobStore; readonly client: S3Client }) {
    this.name = name;
    this.store = store;
    this.#client = client;
  }

  /** Keys of multipart uploads neither completed nor aborted. */
  async openUploads(): Promise<string[]> {
    const output = await this.#client.send(new ListMultipartUploadsCommand({ Bucket: this.name }));
    return (output.Uploads ?? []).map(({ Key = '' }) => Key);
  }

  /** Deletes the bucket with all that is in it. */
  async close(): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    for (;;) {
      const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.name }));
      if (Contents.length === 0) break;
      const Objects = Contents.map(({ Key }) => ({ Key }));
      await this.#client.send(new DeleteObjectsCommand({ Bucket: this.name, Delete: { Objects } }));
    }
    await this.#client.send(new DeleteBucketCommand({ Bucket: this.name }));
    this.#client.destroy();
  }
}

export async function openS3Bucket(options: Partial<S3BlobStoreOptions> = {}): Promise<S3TestBucket> {
  const url = process.env.TEST_S3_URL;
  if (url === undefined) throw new Error('TEST_S3_URL names no S3 server.');
  const bucket = `stowage-${randomUUID()}`;
  const server = s3OptionsOf(url);
  const client = new S3Client(server);
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return new S3TestBucket(bucket, { client, store: await S3BlobStore.open({ bucket, ...server, ...options }) });
}
