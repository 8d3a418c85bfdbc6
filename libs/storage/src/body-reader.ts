import { abortReason } from './abort-reason.ts';
import { BlobSizeMismatchError } from './blob-store-errors.ts';

/**
 * Reads a body chunk by chunk, holds it to its announced length, and stops waiting for it when the signal says so.
 * `for await` would hang on a body that neither yields nor ends, and racing each chunk against one promise of the
 * signal would keep a reaction for every chunk alive.
 */
export class BodyReader implements Disposable {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #expectedBytes: number | undefined;
  readonly #signal: AbortSignal | undefined;
  #receivedBytes = 0;
  #ended = false;
  #rejectPending: ((reason: unknown) => void) | undefined;

  constructor(body: AsyncIterable<Uint8Array>, options: { sizeBytes?: number; signal?: AbortSignal } = {}) {
    this.#expectedBytes = options.sizeBytes;
    this.#signal = options.signal;
    this.#signal?.throwIfAborted();
    this.#iterator = body[Symbol.asyncIterator]();
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** The next chunk that is not empty; undefined at the end. Rejects with the body's own error, or the signal's reason. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      this.#signal?.throwIfAborted();
      const { done, value } = await this.#pull();
      if (done === true) {
        this.#ended = true;
        this.#assertNotShort();
        return undefined;
      }
      this.#receivedBytes += value.byteLength;
      this.#assertNotLong();
      if (value.byteLength > 0) return value;
    }
  }

  /** Closes a body that was not read to its end. A body that hangs is not waited for. */
  [Symbol.dispose](): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    if (!this.#ended) void this.#iterator.return?.().then(undefined, () => undefined);
  }

  async #pull(): Promise<IteratorResult<Uint8Array, unknown>> {
    if (this.#signal === undefined) return this.#iterator.next();
    return new Promise((resolve, reject) => {
      this.#rejectPending = reject;
      this.#iterator.next().then(resolve, reject);
    });
  }

  readonly #onAbort = (): void => {
    if (this.#signal !== undefined) this.#rejectPending?.(abortReason(this.#signal));
  };

  #assertNotLong(): void {
    if (this.#expectedBytes !== undefined && this.#receivedBytes > this.#expectedBytes) this.#throwMismatch();
  }

  #assertNotShort(): void {
    if (this.#expectedBytes !== undefined && this.#receivedBytes < this.#expectedBytes) this.#throwMismatch();
  }

  #throwMismatch(): never {
    throw new BlobSizeMismatchError({ expectedBytes: this.#expectedBytes ?? 0, receivedBytes: this.#receivedBytes });
  }
}
