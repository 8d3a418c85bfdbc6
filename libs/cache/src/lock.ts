/** How to ask for a lock. */
export interface LockRequest {
  /** The lock is lost this long after it was got or extended, in ms; an integer from 1 to 2,147,483,647. */
  readonly ttlMs: number;
  /** Try this long, in ms, while somebody else holds it. @default 0, try once */
  readonly waitMs?: number;
  /** Ends the waiting: `acquire` then rejects with its reason. @default never */
  readonly signal?: AbortSignal;
}

/**
 * A lock with a lifetime. Its holder can lose it without noticing in time (a pause, a lost connection), so the lock alone protects
 * nothing: hand the fencing token to what is written to, and have that refuse a token lower than one it has seen.
 * https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html
 */
export interface Lock {
  /** `undefined` when somebody else holds it. Rejects with CacheUnavailableError when the lock cannot be asked for. */
  acquire(name: string, request: LockRequest): Promise<HeldLock | undefined>;
}

/** A lock that was got, and may be lost. */
export interface HeldLock extends AsyncDisposable {
  /** A safe integer, greater than that of every holder before, also of those whose lock ran out. */
  readonly fencingToken: number;
  /** Aborted when the lock runs out or turns out to be lost; not by `release`. */
  readonly signal: AbortSignal;
  /**
   * Holds the lock for `ttlMs` from now; false when it was lost. Rejects with CacheUnavailableError when that is unknown,
   * with RangeError when `ttlMs` is out of its bounds.
   */
  extend(ttlMs: number): Promise<boolean>;
  /** Gives the lock back. Never rejects: a lock that cannot be given back runs out. */
  release(): Promise<void>;
}
