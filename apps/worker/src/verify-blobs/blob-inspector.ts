import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { BlobCorruptedError, BlobNotFoundError, BlobStoreError, sendBlob, type BlobStore } from '@stowage/storage';
import type { BlobFault } from './blob-fault.ts';
import type { ByteRate } from './byte-rate.ts';

/** A blob as its row describes it. */
export interface RecordedContent {
  readonly id: string;
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** What is to be said of a blob. `unreadable` says nothing of its bytes: somebody has to look again later. */
export type Finding =
  | { readonly kind: 'intact' }
  | { readonly kind: 'faulty'; readonly fault: BlobFault }
  | { readonly kind: 'unreadable'; readonly error: Error };

/** What one attempt to read a blob came to. */
type Reading =
  | { readonly kind: 'whole'; readonly sizeBytes: number; readonly sha256: string }
  | { readonly kind: 'missing' }
  /** The store says itself that these are not the bytes it was given. */
  | { readonly kind: 'corrupted' }
  | { readonly kind: 'failed'; readonly error: Error };

export interface BlobInspectorOptions {
  readonly blobs: Pick<BlobStore, 'get' | 'head'>;
  readonly rate: ByteRate;
}

/** Reads blobs and compares them with what was recorded of them; memory does not grow with their size. */
export class BlobInspector {
  readonly #options: BlobInspectorOptions;

  constructor(options: BlobInspectorOptions) {
    this.#options = options;
  }

  /**
   * A blob is faulty when two readings in a row found the same bytes, and not those recorded: what goes wrong on the way
   * to a good blob goes wrong in another way the next time. Rejects with the signal's reason when that is aborted.
   */
  async inspect(blob: RecordedContent, signal: AbortSignal): Promise<Finding> {
    const first = await this.#read(blob.id, signal);
    if (isAsRecorded(first, blob)) return { kind: 'intact' };
    const second = await this.#read(blob.id, signal);
    if (isAsRecorded(second, blob)) return { kind: 'intact' };
    if (second.kind === 'failed') return { kind: 'unreadable', error: second.error };
    if (!areAlike(first, second)) return unreadable('two readings of the blob differ');
    if (second.kind === 'missing') return { kind: 'faulty', fault: 'missing' };
    if (second.kind === 'corrupted') return { kind: 'faulty', fault: 'wrong-content' };
    const stored = await this.#options.blobs.head(blob.id);
    if (stored?.sizeBytes !== second.sizeBytes) return unreadable('the blob was cut short on the way');
    return { kind: 'faulty', fault: second.sizeBytes === blob.sizeBytes ? 'wrong-content' : 'wrong-size' };
  }

  async #read(id: string, signal: AbortSignal): Promise<Reading> {
    const { blobs, rate } = this.#options;
    const digest = new PacedDigest((bytes) => rate.take(bytes, signal));
    try {
      await sendBlob(await blobs.get(id, { signal }), digest);
      return { kind: 'whole', ...digest.result() };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BlobNotFoundError) return { kind: 'missing' };
      if (error instanceof BlobCorruptedError) return { kind: 'corrupted' };
      return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
}

function isAsRecorded(reading: Reading, { sizeBytes, sha256 }: RecordedContent): boolean {
  return reading.kind === 'whole' && reading.sizeBytes === sizeBytes && reading.sha256 === sha256;
}

function areAlike(a: Reading, b: Reading): boolean {
  if (a.kind === 'whole' && b.kind === 'whole') return a.sha256 === b.sha256 && a.sizeBytes === b.sizeBytes;
  return a.kind === b.kind && a.kind !== 'failed';
}

function unreadable(message: string): Finding {
  return { kind: 'unreadable', error: new BlobStoreError(message) };
}

/** Hashes and counts what is written to it, no faster than `pace` lets it. */
class PacedDigest extends Writable {
  readonly #pace: (bytes: number) => Promise<void>;
  readonly #hash = createHash('sha256');
  #sizeBytes = 0;

  constructor(pace: (bytes: number) => Promise<void>) {
    super();
    this.#pace = pace;
  }

  result(): { readonly sizeBytes: number; readonly sha256: string } {
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('hex') };
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#hash.update(chunk);
    this.#sizeBytes += chunk.length;
    this.#pace(chunk.length).then(
      () => done(),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
