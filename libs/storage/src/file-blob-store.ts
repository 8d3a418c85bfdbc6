import { randomUUID } from 'node:crypto';
import { closeSync, fdatasync, open as openWithCallback } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

import { assertBlobKey } from './blob-key.ts';
import type {
  BlobInfo,
  BlobSize,
  BlobStore,
  GetBlobOptions,
  ListBlobsOptions,
  ListedBlob,
  MultipartUpload,
  PutBlobOptions,
} from './blob-store.ts';
import { BodyReader } from './body-reader.ts';
import { deleteFiles } from './file-deletion.ts';
import { FileLayout, syncDirectory } from './file-layout.ts';
import { listFiles } from './file-listing.ts';
import { FileMultipartUpload, type FileMultipartPlace } from './file-multipart.ts';
import { openFileStream } from './file-reading.ts';
import { removeAbandonedEntries } from './file-sweeping.ts';
import { writeBody } from './file-writing.ts';
import { FILE_MULTIPART_LIMITS } from './multipart-parts.ts';
import { hasErrorCode, translateFileError } from './translate-file-error.ts';

// Bare descriptors: a FileHandle costs more than the calls it makes.
const openFile = promisify(openWithCallback);
const syncData = promisify(fdatasync);

export interface FileBlobStoreOptions {
  /** All of it must be on one file system, or moving a body into place would not be atomic. */
  readonly directory: string;
  /** Whether to lay out a store where there is none; if not, it has to be there. @default true */
  readonly create?: boolean;
}

/**
 * Blobs as files. A body goes to a file of its own, is flushed, moved under its name, and the name is flushed: what
 * can be seen under a key is whole, also after a power cut. Several processes may use one directory.
 */
export class FileBlobStore implements BlobStore, AsyncDisposable {
  readonly multipartLimits = FILE_MULTIPART_LIMITS;
  readonly #layout: FileLayout;

  private constructor(layout: FileLayout) {
    this.#layout = layout;
  }

  /**
   * Lays the directory out on first use. Rejects with `BlobStoreUnavailableError` where it cannot be written to, or holds no store
   * and none is to be created.
   */
  static async open({ directory, create = true }: FileBlobStoreOptions): Promise<FileBlobStore> {
    return new FileBlobStore(await translated(() => FileLayout.open(directory, { create })));
  }

  async put(key: string, body: AsyncIterable<Uint8Array>, options: PutBlobOptions = {}): Promise<BlobSize> {
    assertBlobKey(key);
    using reader = new BodyReader(body, options);
    return await translated(async () => {
      const incoming = this.#newIncoming();
      try {
        await write(incoming, reader, options);
        await this.#publish(key, incoming);
      } catch (error) {
        await rm(incoming, { force: true });
        throw error;
      }
      return { sizeBytes: reader.receivedBytes };
    });
  }

  async get(key: string, options: GetBlobOptions = {}): Promise<Readable> {
    assertBlobKey(key);
    return translated(() => openFileStream(this.#layout.locate(key).file, options), key);
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    assertBlobKey(key);
    try {
      const { size, mtime } = await stat(this.#layout.locate(key).file);
      return { sizeBytes: size, modifiedAt: mtime };
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT')) return undefined;
      throw translateFileError(error);
    }
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    keys.forEach(assertBlobKey);
    await deleteFiles(keys, this.#layout);
  }

  async *list(options: ListBlobsOptions = {}): AsyncGenerator<ListedBlob> {
    try {
      yield* listFiles(this.#layout, options);
    } catch (error) {
      throw translateFileError(error);
    }
  }

  async createMultipart(key: string): Promise<MultipartUpload> {
    assertBlobKey(key);
    return translated(() => FileMultipartUpload.create(key, this.#placeOf(key)));
  }

  /** @throws MultipartUploadNotFoundError when the id is not of the form this store makes */
  multipart(key: string, uploadId: string): MultipartUpload {
    assertBlobKey(key);
    return new FileMultipartUpload(key, uploadId, this.#placeOf(key));
  }

  /** Always undefined: files have no URLs. */
  async presignGet(): Promise<undefined> {
    return undefined;
  }

  /** Always undefined: files have no URLs. */
  async presignPart(): Promise<undefined> {
    return undefined;
  }

  async check(): Promise<void> {
    await translated(async () => {
      const file = this.#newIncoming();
      await (await open(file, 'wx')).close();
      await rm(file);
    });
  }

  async removeAbandoned(olderThanMs: number): Promise<number> {
    return translated(() => removeAbandonedEntries(this.#layout, Date.now() - olderThanMs));
  }

  /** Nothing is held open between calls; it is here so that every store can be disposed of. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
  }

  #newIncoming(): string {
    return join(this.#layout.incoming, randomUUID());
  }

  async #publish(key: string, file: string): Promise<void> {
    const { leaf, file: target } = this.#layout.locate(key);
    await rename(file, target);
    await syncDirectory(leaf);
  }

  #placeOf(key: string): FileMultipartPlace {
    return {
      multipartDirectory: this.#layout.multipart,
      publish: (file) => this.#publish(key, file),
      newIncoming: () => this.#newIncoming(),
      blobSize: async () => (await this.head(key))?.sizeBytes,
    };
  }
}

async function write(file: string, reader: BodyReader, { takesChunks = false }: PutBlobOptions): Promise<void> {
  const descriptor = await openFile(file, 'wx');
  try {
    await writeBody(descriptor, reader, { takesChunks });
    // The data and the size; the times of a blob may be lost in a power cut.
    await syncData(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

async function translated<T>(work: () => Promise<T>, key?: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateFileError(error, key);
  }
}
