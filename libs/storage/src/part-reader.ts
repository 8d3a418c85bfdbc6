import type { BodyReader } from './body-reader.ts';
import { releaseChunk } from './chunk-memory.ts';
import type { PartBuffer, PartBuffers } from './part-buffers.ts';

/** Bodies up to this size get a buffer of their own and never wait for one that parts share. */
const SMALL_BYTES = 256 * 1024;

/** Bytes copied out of a body. */
export interface Part {
  readonly bytes: Buffer;
  /** Whether the body ends with it. */
  readonly last: boolean;
  release(): void;
}

export interface PartReaderOptions {
  readonly partSizeBytes: number;
  /** Length of the body, where known. */
  readonly sizeBytes?: number | undefined;
  readonly buffers: PartBuffers;
  readonly signal?: AbortSignal | undefined;
  /** Whether the memory of a chunk is freed once it is copied. */
  readonly takesChunks?: boolean | undefined;
}

/** Cuts a body into parts of one size, the last as long as what remains; an empty body is one empty part. */
export class PartReader {
  readonly #reader: BodyReader;
  readonly #options: PartReaderOptions;
  #leftover: Uint8Array | undefined;
  #first = true;

  constructor(reader: BodyReader, options: PartReaderOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** Not to be called again after the last part. */
  async next(): Promise<Part> {
    let buffer = await this.#begin();
    try {
      for (let filled = 0; ;) {
        // Reading on when the buffer is full tells whether the body ends right there.
        const chunk = this.#leftover ?? (await this.#reader.next());
        this.#leftover = undefined;
        if (chunk === undefined) return toPart(buffer, filled, true);
        if (chunk.byteLength > buffer.bytes.length - filled) buffer = await this.#grow(buffer, filled);
        const fitting = chunk.subarray(0, buffer.bytes.length - filled);
        buffer.bytes.set(fitting, filled);
        filled += fitting.byteLength;
        if (fitting.byteLength === chunk.byteLength) {
          if (this.#options.takesChunks === true) releaseChunk(chunk);
          continue;
        }
        this.#leftover = chunk.subarray(fitting.byteLength);
        return toPart(buffer, filled, false);
      }
    } catch (error) {
      buffer.release();
      throw error;
    }
  }

  /** The first bytes of a body whose length nobody knows, or those of a small one, go to a small buffer. */
  async #begin(): Promise<PartBuffer> {
    const { sizeBytes = SMALL_BYTES } = this.#options;
    const small = this.#first && sizeBytes <= SMALL_BYTES;
    this.#first = false;
    return small ? ownBuffer(sizeBytes) : this.#acquire();
  }

  async #grow(buffer: PartBuffer, filled: number): Promise<PartBuffer> {
    if (buffer.bytes.length >= this.#options.partSizeBytes) return buffer;
    const larger = await this.#acquire();
    larger.bytes.set(buffer.bytes.subarray(0, filled));
    buffer.release();
    return larger;
  }

  async #acquire(): Promise<PartBuffer> {
    const { buffers, partSizeBytes, signal } = this.#options;
    const buffer = await buffers.acquire(partSizeBytes, signal);
    return { bytes: buffer.bytes.subarray(0, partSizeBytes), release: () => buffer.release() };
  }
}

function ownBuffer(sizeBytes: number): PartBuffer {
  return { bytes: Buffer.allocUnsafe(sizeBytes), release: () => undefined };
}

function toPart(buffer: PartBuffer, filled: number, last: boolean): Part {
  return { bytes: buffer.bytes.subarray(0, filled), last, release: () => buffer.release() };
}
