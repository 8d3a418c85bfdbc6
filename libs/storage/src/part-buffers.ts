import { abortReason } from './abort-reason.ts';
import { BlobStoreUnavailableError } from './blob-store-errors.ts';

/** Memory for one part; to be given back exactly once, and not touched after that. */
export interface PartBuffer {
  readonly bytes: Buffer;
  release(): void;
}

interface Waiting {
  readonly sizeBytes: number;
  readonly grant: (buffer: PartBuffer) => void;
}

export interface PartBuffersOptions {
  /** Size of the buffers that are used again. */
  readonly bufferBytes: number;
  /** Bound for all that are given out at a time. A single buffer above it is given out when no other is. */
  readonly totalBytes: number;
  /** How long a put waits for its turn before it is refused. */
  readonly waitMs: number;
}

/**
 * The memory of all uploads through one store. Buffers are of fixed size and used again, because chunks kept until a
 * part is full keep the larger slabs alive that they were cut from. Grants are made in the order of asking.
 */
export class PartBuffers {
  readonly #options: PartBuffersOptions;
  readonly #waiting: Waiting[] = [];
  #idle: Buffer[] = [];
  #givenOutBytes = 0;

  constructor(options: PartBuffersOptions) {
    this.#options = options;
  }

  /** Rejects with `BlobStoreUnavailableError` when none gets free in time, or with the signal's reason. */
  async acquire(sizeBytes: number, signal?: AbortSignal): Promise<PartBuffer> {
    const weight = Math.max(sizeBytes, this.#options.bufferBytes);
    if (this.#waiting.length === 0 && this.#fits(weight)) return this.#take(weight);
    return this.#wait(weight, signal);
  }

  get givenOutBytes(): number {
    return this.#givenOutBytes;
  }

  #fits(weight: number): boolean {
    return this.#givenOutBytes === 0 || this.#givenOutBytes + weight <= this.#options.totalBytes;
  }

  #take(weight: number): PartBuffer {
    this.#givenOutBytes += weight;
    const standard = weight === this.#options.bufferBytes;
    const bytes = (standard ? this.#idle.pop() : undefined) ?? Buffer.allocUnsafeSlow(weight);
    return {
      bytes,
      release: () => {
        this.#givenOutBytes -= weight;
        if (standard) this.#idle.push(bytes);
        this.#grantWaiting();
        if (this.#givenOutBytes === 0) this.#idle = []; // a quiet store holds no memory
      },
    };
  }

  async #wait(sizeBytes: number, signal: AbortSignal | undefined): Promise<PartBuffer> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        const place = this.#waiting.indexOf(waiting);
        if (place >= 0) this.#waiting.splice(place, 1);
      };
      const onAbort = (): void => {
        leave();
        this.#grantWaiting();
        if (signal !== undefined) reject(abortReason(signal));
      };
      const timer = setTimeout(() => {
        leave();
        this.#grantWaiting();
        reject(new BlobStoreUnavailableError('No memory for another part got free in time.'));
      }, this.#options.waitMs);
      const waiting: Waiting = {
        sizeBytes,
        grant: (buffer) => {
          leave();
          resolve(buffer);
        },
      };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #grantWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.sizeBytes); next = this.#waiting[0])
      next.grant(this.#take(next.sizeBytes));
  }
}
