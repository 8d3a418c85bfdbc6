import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

import { assertBlobKey } from '../blob-key.ts';
import { clampRange } from '../blob-range.ts';
import type {
  BlobInfo,
  BlobSize,
  BlobStore,
  GetBlobOptions,
  ListBlobsOptions,
  ListedBlob,
  MultipartUpload,
  PutBlobOptions,
} from '../blob-store.ts';
import { BlobNotFoundError } from '../blob-store-errors.ts';
import { BodyReader } from '../body-reader.ts';
import { destroyOnAbort } from '../destroy-on-abort.ts';
import { FILE_MULTIPART_LIMITS } from '../multipart-parts.ts';
import { MemoryMultipartUpload, type MemoryParts } from './memory-multipart.ts';

interface MemoryBlob {
  readonly bytes: Buffer;
  readonly modifiedAt: Date;
}

/** A double that passes the same contract as the real stores, for tests that need bytes kept and no disk. */
export class MemoryBlobStore implements BlobStore {
  readonly multipartLimits = FILE_MULTIPART_LIMITS;
  readonly #blobs = new Map<string, MemoryBlob>();
  readonly #uploads = new Map<string, MemoryParts>();
  readonly #now: () => Date;

  constructor({ now = () => new Date() }: { readonly now?: () => Date } = {}) {
    this.#now = now;
  }

  /** Ids of multipart uploads neither completed nor aborted. */
  get openUploads(): readonly string[] {
    return [...this.#uploads.keys()];
  }

  async put(key: string, body: AsyncIterable<Uint8Array>, options: PutBlobOptions = {}): Promise<BlobSize> {
    assertBlobKey(key);
    using reader = new BodyReader(body, options);
    const bytes = await readAll(reader);
    this.#store(key, bytes);
    return { sizeBytes: bytes.length };
  }

  async get(key: string, { range, signal }: GetBlobOptions = {}): Promise<Readable> {
    assertBlobKey(key);
    signal?.throwIfAborted();
    const blob = this.#blobs.get(key);
    if (blob === undefined) throw new BlobNotFoundError(key);
    const { start, end } = clampRange(range, blob.bytes.length);
    return destroyOnAbort(Readable.from(chunksOf(blob.bytes.subarray(start, end + 1)), { objectMode: false }), signal);
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    assertBlobKey(key);
    const blob = this.#blobs.get(key);
    return blob && { sizeBytes: blob.bytes.length, modifiedAt: blob.modifiedAt };
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    keys.forEach(assertBlobKey);
    for (const key of keys) this.#blobs.delete(key);
  }

  async *list({ prefix = '', startAfter = '' }: ListBlobsOptions = {}): AsyncGenerator<ListedBlob> {
    const keys = [...this.#blobs.keys()].filter((key) => key > startAfter && key.startsWith(prefix)).sort();
    for (const key of keys) {
      const blob = await this.head(key);
      if (blob !== undefined) yield { key, ...blob };
    }
  }

  async createMultipart(key: string): Promise<MultipartUpload> {
    assertBlobKey(key);
    const uploadId = randomUUID();
    this.#uploads.set(uploadId, { key, begunAt: this.#now(), stored: new Map() });
    return this.multipart(key, uploadId);
  }

  multipart(key: string, uploadId: string): MultipartUpload {
    assertBlobKey(key);
    return new MemoryMultipartUpload(
      { key, uploadId },
      {
        uploads: this.#uploads,
        publish: (bytes) => this.#store(key, bytes),
        blobSize: () => this.#blobs.get(key)?.bytes.length,
      },
    );
  }

  /** Always undefined: memory has no URLs. */
  async presignGet(): Promise<undefined> {
    return undefined;
  }

  /** Always undefined: memory has no URLs. */
  async presignPart(): Promise<undefined> {
    return undefined;
  }

  async removeAbandoned(olderThanMs: number, isOwn: (key: string) => boolean = () => true): Promise<number> {
    const before = new Date(this.#now().getTime() - olderThanMs);
    const abandoned = [...this.#uploads].filter(([, { key, begunAt }]) => begunAt < before && isOwn(key));
    for (const [uploadId] of abandoned) this.#uploads.delete(uploadId);
    return abandoned.length;
  }

  async check(): Promise<void> {
    // Memory is always there.
  }

  #store(key: string, bytes: Buffer): void {
    this.#blobs.set(key, { bytes, modifiedAt: this.#now() });
  }
}

/** Collects a body; rejects as `BodyReader.next` does. */
export async function readAll(reader: BodyReader): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function etagOf(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
}
