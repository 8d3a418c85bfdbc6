import type { BlobSize, MultipartUpload, UploadedPart, UploadPartOptions } from '../blob-store.ts';
import { InvalidPartError, MultipartUploadNotFoundError } from '../blob-store-errors.ts';
import { BodyReader } from '../body-reader.ts';
import { assertPartNumber, assertPartOrder, assertPartSize, FILE_MULTIPART_LIMITS } from '../multipart-parts.ts';
import { etagOf, readAll } from './memory-blob-store.ts';

export interface MemoryParts {
  readonly key: string;
  readonly begunAt: Date;
  readonly stored: Map<number, Buffer>;
}

export interface MemoryMultipartPlace {
  readonly uploads: Map<string, MemoryParts>;
  publish(bytes: Buffer): void;
  blobSize(): number | undefined;
}

export class MemoryMultipartUpload implements MultipartUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly #place: MemoryMultipartPlace;

  constructor({ key, uploadId }: { readonly key: string; readonly uploadId: string }, place: MemoryMultipartPlace) {
    this.key = key;
    this.uploadId = uploadId;
    this.#place = place;
  }

  async uploadPart(
    partNumber: number,
    body: AsyncIterable<Uint8Array>,
    { sizeBytes, signal }: UploadPartOptions,
  ): Promise<UploadedPart> {
    assertPartNumber(partNumber);
    assertPartSize(sizeBytes, FILE_MULTIPART_LIMITS);
    using reader = new BodyReader(body, { sizeBytes, ...(signal && { signal }) });
    const bytes = await readAll(reader);
    this.#parts().set(partNumber, bytes);
    return { partNumber, sizeBytes, etag: etagOf(bytes) };
  }

  async listParts(): Promise<readonly UploadedPart[]> {
    return [...this.#parts()]
      .map(([partNumber, bytes]) => ({ partNumber, sizeBytes: bytes.length, etag: etagOf(bytes) }))
      .sort((a, b) => a.partNumber - b.partNumber);
  }

  async complete(parts: readonly UploadedPart[]): Promise<BlobSize> {
    assertPartOrder(parts);
    const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
    if (!this.#place.uploads.has(this.uploadId) && this.#place.blobSize() === sizeBytes) return { sizeBytes };
    const stored = this.#parts();
    const bytes = parts.map(({ partNumber, etag }) => {
      const part = stored.get(partNumber);
      if (part === undefined || etagOf(part) !== etag)
        throw new InvalidPartError(`Part ${partNumber} is not the one that was stored.`);
      return part;
    });
    this.#place.publish(Buffer.concat(bytes));
    this.#place.uploads.delete(this.uploadId);
    return { sizeBytes };
  }

  async abort(): Promise<void> {
    this.#place.uploads.delete(this.uploadId);
  }

  #parts(): Map<number, Buffer> {
    const upload = this.#place.uploads.get(this.uploadId);
    if (upload?.key !== this.key) throw new MultipartUploadNotFoundError(this);
    return upload.stored;
  }
}
