import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { BlobSize, MultipartUpload, UploadedPart, UploadPartOptions } from './blob-store.ts';
import { BlobNotFoundError, InvalidPartError, MultipartUploadNotFoundError } from './blob-store-errors.ts';
import { BodyReader } from './body-reader.ts';
import { syncDirectory } from './file-layout.ts';
import { joinExtents } from './file-joining.ts';
import { writeBody } from './file-writing.ts';
import { appendRecord, readState, type Extent, type MultipartState } from './multipart-log.ts';
import { assertPartNumber, assertPartOrder, assertPartSize, FILE_MULTIPART_LIMITS } from './multipart-parts.ts';
import { translateFileError } from './translate-file-error.ts';

const UPLOAD_ID = /^[0-9a-f-]{36}$/;

/** What an upload needs of its store. */
export interface FileMultipartPlace {
  readonly multipartDirectory: string;
  /** Moves a durable file under the key of the upload; durable when it resolves. */
  publish(file: string): Promise<void>;
  /** An empty path for a file that is published later. */
  newIncoming(): string;
  /** Size of the blob under the key, if there is one. */
  blobSize(): Promise<number | undefined>;
}

/** All parts lie in one data file, so that parts which came in order become the blob without being copied. */
export class FileMultipartUpload implements MultipartUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly #place: FileMultipartPlace;
  readonly #directory: string;
  readonly #log: string;
  readonly #data: string;

  constructor(key: string, uploadId: string, place: FileMultipartPlace) {
    this.key = key;
    this.uploadId = uploadId;
    this.#place = place;
    // The id comes from outside; one that is none of ours must not become a path.
    if (!UPLOAD_ID.test(uploadId)) throw new MultipartUploadNotFoundError({ key, uploadId });
    this.#directory = join(place.multipartDirectory, uploadId);
    this.#log = join(this.#directory, 'log');
    this.#data = join(this.#directory, 'data');
  }

  static async create(key: string, place: FileMultipartPlace): Promise<FileMultipartUpload> {
    const upload = new FileMultipartUpload(key, randomUUID(), place);
    await mkdir(upload.#directory);
    await writeFile(upload.#data, '', { flag: 'wx' });
    await writeFile(upload.#log, `${JSON.stringify({ type: 'upload', key })}\n`, { flag: 'wx', flush: true });
    await syncDirectory(upload.#directory);
    await syncDirectory(place.multipartDirectory);
    return upload;
  }

  async uploadPart(
    partNumber: number,
    body: AsyncIterable<Uint8Array>,
    { sizeBytes, signal }: UploadPartOptions,
  ): Promise<UploadedPart> {
    assertPartNumber(partNumber);
    assertPartSize(sizeBytes, FILE_MULTIPART_LIMITS);
    using reader = new BodyReader(body, { sizeBytes, ...(signal && { signal }) });
    return await this.#whileOpen(async () => {
      const extent = await this.#reserve(partNumber, sizeBytes);
      try {
        await this.#write(reader, extent);
        await appendRecord(this.#log, { type: 'store', id: extent.id }, { durable: true });
      } catch (error) {
        await appendRecord(this.#log, { type: 'release', id: extent.id }, { durable: false }).catch(() => undefined);
        throw error;
      }
      return toUploadedPart(extent);
    });
  }

  async listParts(): Promise<readonly UploadedPart[]> {
    const { stored } = await this.#whileOpen(() => this.#state());
    return [...stored.values()].map(toUploadedPart).sort((a, b) => a.partNumber - b.partNumber);
  }

  async complete(parts: readonly UploadedPart[]): Promise<BlobSize> {
    assertPartOrder(parts);
    const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
    try {
      await this.#whileOpen(() => this.#join(parts, sizeBytes));
    } catch (error) {
      if (!(error instanceof MultipartUploadNotFoundError)) throw error;
      if ((await this.#place.blobSize()) !== sizeBytes) throw error;
    }
    await this.abort();
    return { sizeBytes };
  }

  async abort(): Promise<void> {
    try {
      await rm(this.#directory, { recursive: true, force: true });
    } catch (error) {
      throw translateFileError(error);
    }
  }

  /** A place at the end of the data file, unless the upload has been closed meanwhile. */
  async #reserve(partNumber: number, sizeBytes: number): Promise<Extent> {
    await this.#state();
    const id = randomUUID();
    await appendRecord(this.#log, { type: 'reserve', id, partNumber, sizeBytes }, { durable: false });
    const extent = (await this.#state()).unfinished.get(id);
    if (extent === undefined) throw new MultipartUploadNotFoundError(this);
    return extent;
  }

  async #write(reader: BodyReader, extent: Extent): Promise<void> {
    await using file = await open(this.#data, 'r+');
    await writeBody(file.fd, reader, { position: extent.offset });
    await file.datasync();
  }

  async #join(parts: readonly UploadedPart[], sizeBytes: number): Promise<void> {
    this.#select(parts, await this.#state());
    await appendRecord(this.#log, { type: 'close' }, { durable: false });
    const state = await this.#state();
    const extents = this.#select(parts, state);
    if (isWholeFile(extents, state)) {
      await cutAt(this.#data, sizeBytes);
      await this.#place.publish(this.#data);
    } else {
      const joined = this.#place.newIncoming();
      await joinExtents(extents, { from: this.#data, to: joined });
      await this.#place.publish(joined);
    }
  }

  #select(parts: readonly UploadedPart[], { stored }: MultipartState): Extent[] {
    return parts.map((part) => {
      const extent = stored.get(part.partNumber);
      if (extent?.id !== part.etag || extent.sizeBytes !== part.sizeBytes)
        throw new InvalidPartError(`Part ${part.partNumber} is not the one that was stored.`);
      return extent;
    });
  }

  async #state(): Promise<MultipartState> {
    const state = await readState(this.#log);
    if (state.key !== this.key) throw new MultipartUploadNotFoundError(this);
    return state;
  }

  /** A missing log or data file means that the upload was completed or aborted. */
  async #whileOpen<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const translated = translateFileError(error, this.key);
      if (translated instanceof BlobNotFoundError) throw new MultipartUploadNotFoundError(this, { cause: error });
      throw translated;
    }
  }
}

/** Bytes of parts that failed may lie behind the last one that counts. */
async function cutAt(file: string, sizeBytes: number): Promise<void> {
  await using handle = await open(file, 'r+');
  await handle.truncate(sizeBytes);
  await handle.datasync();
}

function toUploadedPart({ id, partNumber, sizeBytes }: Extent): UploadedPart {
  return { partNumber, sizeBytes, etag: id };
}

/** Whether the data file, cut after these extents, is the blob, and nobody writes to it any more. */
function isWholeFile(extents: readonly Extent[], state: MultipartState): boolean {
  if (state.unfinished.size > 0 || state.stored.size > extents.length) return false;
  let end = 0;
  for (const extent of extents) {
    if (extent.offset !== end) return false;
    end += extent.sizeBytes;
  }
  return true;
}
