export interface ByteRateOptions {
  readonly bytesPerSecond: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Rejects with the signal's reason when that is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** As much of what was not used may be caught up with at once. */
const burstMs = 1000;
/** Shorter waits are left to add up: timers are no more precise. */
const shortestWaitMs = 10;

/** A token bucket for bytes: those who take them wait until together they are no faster than the rate. */
export class ByteRate {
  readonly #options: ByteRateOptions;
  /** When all bytes taken so far are paid for. */
  #paidAt = -Infinity;

  constructor(options: ByteRateOptions) {
    this.#options = options;
  }

  /** Takes bytes that have been read, and waits until they are paid for. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    const { bytesPerSecond, now, sleep } = this.#options;
    const readAt = now();
    this.#paidAt = Math.max(this.#paidAt, readAt - burstMs) + (bytes / bytesPerSecond) * 1000;
    const waitMs = this.#paidAt - readAt;
    if (waitMs >= shortestWaitMs) await sleep(waitMs, signal);
  }
}
