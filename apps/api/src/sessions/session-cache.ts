import { SESSION_ALIVE, SessionStore, type Versioned, type VersionedCache } from '@stowage/cache';
import type { CacheFence } from '../cache-epoch/cache-fence.ts';
import type { Principal } from '../http/principal.ts';
import type { SessionCredential } from './credential.ts';
import { hashToken, isSecretToken } from './secret-token.ts';
import type { SessionRepository } from './session-repository.ts';

export interface SessionCacheOptions {
  /** With `absentLifetimeMs: 0`, or made-up tokens fill it up. */
  readonly cache: VersionedCache<SessionCredential>;
  readonly fence: Pick<CacheFence, 'publish'>;
  readonly sessions: Pick<SessionRepository, 'find'>;
  /** The longest time a session lives; what ended is remembered for as long. */
  readonly lifetimeMs: number;
  readonly now: () => Date;
}

/** Session tokens to principals; PostgreSQL has the truth, the cache answers first. */
export class SessionCache {
  readonly #options: SessionCacheOptions;
  readonly #store: SessionStore<SessionCredential>;

  constructor(options: SessionCacheOptions) {
    const { cache, lifetimeMs, now } = options;
    // When it ends was written down at sign-in, so its start follows from that whatever the setting is now.
    const startedAt = ({ expiresAtMs }: SessionCredential): number => expiresAtMs - lifetimeMs;
    this.#options = options;
    this.#store = new SessionStore({
      cache,
      absoluteLifetimeMs: lifetimeMs,
      idleLifetimeMs: Number.POSITIVE_INFINITY,
      startedAt,
      lastUsedAt: startedAt,
      now: () => now().getTime(),
    });
  }

  /** Who is signed in with the token; undefined when it is unknown or the session has ended. */
  async find(token: string): Promise<Principal | undefined> {
    if (!isSecretToken('', token)) return undefined;
    const tokenHash = hashToken(token);
    const session = await this.#store.find(tokenHash, () => this.#load(tokenHash));
    return session?.principal;
  }

  /** Call it after the rows are gone; when it returns the sessions are over in every process. */
  async end(tokenHashes: readonly string[]): Promise<void> {
    if (tokenHashes.length > 0) await this.#options.fence.publish(() => this.#store.endAll(tokenHashes));
  }

  async #load(tokenHash: string): Promise<Versioned<SessionCredential>> {
    const session = await this.#options.sessions.find(tokenHash);
    return session === undefined ? { generation: 0, value: undefined } : { generation: SESSION_ALIVE, value: session };
  }
}
