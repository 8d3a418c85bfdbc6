import type { Clock } from './clock.ts';
import { CacheUnavailableError } from './cache-errors.ts';
import type { Versioned, VersionedCache } from './versioned-cache.ts';

/** Generations of a session. The truth behind `load` must use the same. */
export const SESSION_ALIVE = 1;
/** A session that ended never comes back: no generation follows. */
export const SESSION_ENDED = 2;

/** How long sessions live. Times are Unix times in ms. */
export interface SessionStoreOptions<S> {
  /** With `absentLifetimeMs: 0`, or made-up tokens fill it up. */
  readonly cache: VersionedCache<S>;
  /** From its start, used or not. */
  readonly absoluteLifetimeMs: number;
  /** From its last use. */
  readonly idleLifetimeMs: number;
  /** When the session was started. */
  readonly startedAt: (session: S) => number;
  /** When it was last used, as far as was written down. */
  readonly lastUsedAt: (session: S) => number;
  /** @default Date.now */
  readonly now?: Clock;
}

/**
 * Sessions by the hash of their token, in front of the store that holds the truth. An ended session leaves a tombstone for as
 * long as it could have lived, so that a slow reader cannot bring it back.
 */
export class SessionStore<S> {
  readonly #options: SessionStoreOptions<S>;
  readonly #now: Clock;

  /** Throws RangeError when a lifetime is not above 0. */
  constructor(options: SessionStoreOptions<S>) {
    if (!(options.absoluteLifetimeMs > 0 && options.idleLifetimeMs > 0))
      throw new RangeError('The lifetimes of a session must be above 0 ms.');
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * The session, unless it ended, outlived its lifetimes or never was. `load` answers generation 1 and the session, generation 2 once it
   * ended, generation 0 for an unknown id. Rejects with what `load` rejects with.
   */
  async find(id: string, load: () => Promise<Versioned<S>>): Promise<S | undefined> {
    const { value: session } = await this.#options.cache.getOrLoad(id, load);
    if (session === undefined || this.#isOver(session)) return undefined;
    if (!this.#isIdle(session)) return session;
    // Its last use may have been written down without reaching the cache; nobody is signed out on hearsay.
    const fresh = await load();
    if (fresh.value === undefined || this.#isIdle(fresh.value)) return undefined;
    await this.touch(id, fresh.value);
    return fresh.value;
  }

  /** Remembers a session that has just been started. Best effort: never rejects. */
  async start(id: string, session: S): Promise<void> {
    await this.#options.cache.fill(id, { generation: SESSION_ALIVE, value: session });
  }

  /** Replaces what is remembered, after its last use was written down. Best effort, and no rescue for one that ended. */
  async touch(id: string, session: S): Promise<void> {
    try {
      await this.#options.cache.publish(id, { generation: SESSION_ALIVE, value: session });
    } catch (error) {
      if (!(error instanceof CacheUnavailableError)) throw error;
    }
  }

  /**
   * Call it after the truth says that the session ended. Rejects with CacheUnavailableError when the cache did not confirm: the
   * session may then still be found, and the caller must open a new epoch before it reports success.
   */
  async end(id: string): Promise<void> {
    const tombstone = { generation: SESSION_ENDED, value: undefined };
    await this.#options.cache.publish(id, tombstone, { lifetimeMs: this.#options.absoluteLifetimeMs });
  }

  /** Ends each in one round trip. All are tried; rejects as `end` does if any was not confirmed. */
  async endAll(ids: readonly string[]): Promise<void> {
    const outcomes = await Promise.allSettled(ids.map((id) => this.end(id)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  #isOver(session: S): boolean {
    return this.#now() - this.#options.startedAt(session) >= this.#options.absoluteLifetimeMs;
  }

  #isIdle(session: S): boolean {
    return this.#now() - this.#options.lastUsedAt(session) >= this.#options.idleLifetimeMs;
  }
}
