import type { Versioned, VersionedCache } from '@stowage/cache';
import type { CacheFence } from '../cache-epoch/cache-fence.ts';
import type { Principal } from '../http/principal.ts';
import type { Credential } from '../sessions/credential.ts';
import { hashToken, isSecretToken } from '../sessions/secret-token.ts';
import type { AccessTokenChange } from './access-token-credential.ts';
import type { AccessTokenRepository } from './access-token-repository.ts';

export interface AccessTokenCacheOptions {
  /** With `absentLifetimeMs: 0`, or made-up tokens fill it up. */
  readonly cache: VersionedCache<Credential>;
  readonly fence: Pick<CacheFence, 'publish'>;
  readonly tokens: Pick<AccessTokenRepository, 'find'>;
  readonly now: () => Date;
}

/** Access tokens to principals; PostgreSQL has the truth, the cache answers first. */
export class AccessTokenCache {
  readonly #options: AccessTokenCacheOptions;

  constructor(options: AccessTokenCacheOptions) {
    this.#options = options;
  }

  /** Who the token stands for; undefined when it is unknown, revoked or expired. */
  async find(token: string): Promise<Principal | undefined> {
    if (!isSecretToken('stw_', token)) return undefined;
    const { cache, tokens, now } = this.#options;
    const tokenHash = hashToken(token);
    const { value }: Versioned<Credential> = await cache.getOrLoad(tokenHash, () => tokens.find(tokenHash));
    const { principal, expiresAtMs } = value ?? {};
    if (principal === undefined || expiresAtMs === undefined) return principal;
    return expiresAtMs > now().getTime() ? { ...principal, expiresAtMs } : undefined;
  }

  /** Call it after the changes are committed; when it returns no process takes the tokens for what they were. */
  async publish(changes: readonly AccessTokenChange[]): Promise<void> {
    if (changes.length === 0) return;
    const { cache, fence } = this.#options;
    await fence.publish(async () => {
      await Promise.all(changes.map(({ tokenHash, credential }) => cache.publish(tokenHash, credential)));
    });
  }
}
