import { assertLifetime } from './lock-waiting.ts';
import type { HeldLock } from './lock.ts';

/** The keeper of a lock, as one holder sees it. */
export interface Lease {
  readonly fencingToken: number;
  /** Whether the lock is still this holder's, and now for `ttlMs` more. */
  extend(ttlMs: number): Promise<boolean>;
  release(): Promise<void>;
}

/** Counts a lease down on this side. */
export class LeasedLock implements HeldLock {
  readonly fencingToken: number;
  readonly #lease: Lease;
  readonly #lost = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #released = false;

  /** `askedAt`: performance.now() before the lock was asked for, as its keeper began to count no earlier. */
  constructor(lease: Lease, askedAt: number, ttlMs: number) {
    this.fencingToken = lease.fencingToken;
    this.#lease = lease;
    this.#countDown(askedAt, ttlMs);
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  async extend(ttlMs: number): Promise<boolean> {
    assertLifetime(ttlMs);
    if (this.#released || this.#lost.signal.aborted) return false;
    const askedAt = performance.now();
    const isHeld = await this.#lease.extend(ttlMs);
    if (isHeld) this.#countDown(askedAt, ttlMs);
    else this.lose();
    return isHeld && !this.#lost.signal.aborted;
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    clearTimeout(this.#timer);
    await this.#lease.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** The keeper says that the lock is somebody else's. */
  lose(): void {
    clearTimeout(this.#timer);
    if (!this.#released) this.#lost.abort(new Error('The lock was lost.'));
  }

  #countDown(askedAt: number, ttlMs: number): void {
    clearTimeout(this.#timer);
    if (this.#released) return;
    this.#timer = setTimeout(() => this.lose(), askedAt + ttlMs - performance.now());
    this.#timer.unref();
  }
}
