import type { Clock } from './clock.ts';
import { LeasedLock } from './leased-lock.ts';
import { acquireWithPatience } from './lock-waiting.ts';
import type { LockTry } from './lock-waiting.ts';
import type { HeldLock, Lock, LockRequest } from './lock.ts';

interface Holding {
  readonly lock: LeasedLock;
  readonly fencingToken: number;
  readonly endsAt: number;
}

/** The lock's clock. */
export interface LocalLockOptions {
  /** Unix time in ms; fencing tokens start from it, so that they also grow over a restart. @default Date.now */
  readonly now?: Clock;
}

/** Locks within this process. */
export class LocalLock implements Lock {
  readonly #now: Clock;
  readonly #holdings = new Map<string, Holding>();
  #lastToken = 0;

  constructor({ now = Date.now }: LocalLockOptions = {}) {
    this.#now = now;
  }

  acquire(name: string, request: LockRequest): Promise<HeldLock | undefined> {
    return acquireWithPatience(async () => this.#tryOnce(name, request.ttlMs), request);
  }

  #tryOnce(name: string, ttlMs: number): LockTry {
    const holding = this.#holdings.get(name);
    const freeInMs = holding === undefined ? 0 : holding.endsAt - this.#now();
    if (freeInMs > 0) return { freeInMs };
    holding?.lock.lose();
    const fencingToken = Math.max(this.#now() * 1_000, this.#lastToken + 1);
    this.#lastToken = fencingToken;
    const lease = {
      fencingToken,
      extend: async (longerMs: number): Promise<boolean> => this.#extend(name, fencingToken, longerMs),
      release: async (): Promise<void> => this.#release(name, fencingToken),
    };
    const lock = new LeasedLock(lease, performance.now(), ttlMs);
    lock.signal.addEventListener('abort', () => this.#release(name, fencingToken));
    this.#holdings.set(name, { lock, fencingToken, endsAt: this.#now() + ttlMs });
    return lock;
  }

  #extend(name: string, fencingToken: number, ttlMs: number): boolean {
    const holding = this.#holdings.get(name);
    if (holding?.fencingToken !== fencingToken || holding.endsAt <= this.#now()) return false;
    this.#holdings.set(name, { ...holding, endsAt: this.#now() + ttlMs });
    return true;
  }

  #release(name: string, fencingToken: number): void {
    if (this.#holdings.get(name)?.fencingToken === fencingToken) this.#holdings.delete(name);
  }
}
