import type { ApiEvents } from '../events/api-events.ts';
import { InsufficientScopeError, UnauthenticatedError } from '../http/http-errors.ts';
import { InvalidRequestError } from '../http/invalid-request-error.ts';
import type { Page, PageRequest } from '../http/page-cursor.ts';
import { hasScope, type Principal, type Scope } from '../http/principal.ts';
import { hashToken, newSecretToken } from '../sessions/secret-token.ts';
import { UserForbiddenError } from '../users/user-errors.ts';
import { managesAccount } from '../users/user-policy.ts';
import type { AccessTokenCache } from './access-token-cache.ts';
import { AccessTokenNotFoundError } from './access-token-errors.ts';
import type { AccessTokenRepository } from './access-token-repository.ts';
import type { AccessToken } from './access-token.ts';

export interface AccessTokenServiceOptions {
  readonly tokens: AccessTokenRepository;
  readonly cache: Pick<AccessTokenCache, 'publish'>;
  /** The bucket of this name; rejects with BucketNotFoundError when the caller may not see it. */
  readonly getBucket: (caller: Principal, name: string) => Promise<{ readonly id: string; readonly name: string }>;
  readonly events: ApiEvents;
  readonly now: () => Date;
  readonly newId: () => string;
  /** 256 random bits. @default new ones */
  readonly newSecret?: () => Buffer;
}

export interface NewAccessToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Name of the only bucket it may touch. */
  readonly bucket?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

export class AccessTokenService {
  readonly #options: AccessTokenServiceOptions;

  constructor(options: AccessTokenServiceOptions) {
    this.#options = options;
  }

  /**
   * Makes an access token of the caller's, which may do no more than the credential it is made with.
   * @throws InsufficientScopeError for a scope the caller's credential lacks
   * @throws UserForbiddenError for a token of all buckets made with one of a single bucket
   * @throws BucketNotFoundError
   * @throws InvalidRequestError when it would have expired already, or later than the token it is made with
   */
  async createToken(
    caller: Principal,
    { name, scopes, bucket: bucketName, expiresAt: wantedExpiry }: NewAccessToken,
  ): Promise<{ readonly accessToken: AccessToken; readonly token: string }> {
    const { tokens, getBucket, events, now, newId, newSecret } = this.#options;
    const lacking = scopes.find((scope) => !hasScope(caller, scope));
    if (lacking !== undefined) throw new InsufficientScopeError(lacking);
    if (bucketName === undefined && caller.bucketId !== undefined) throw new UserForbiddenError();
    const createdAt = now();
    const expiresAt = toExpiry(wantedExpiry, { createdAt, endsAtMs: caller.expiresAtMs });
    const bucket = bucketName === undefined ? undefined : await getBucket(caller, bucketName);
    const limit = bucket && { id: bucket.id, name: bucket.name };
    const { accountId, userId } = caller;
    const accessToken: AccessToken = {
      id: newId(),
      accountId,
      userId,
      name,
      scopes,
      bucket: limit,
      createdAt,
      expiresAt,
    };
    const token = newSecretToken('stw_', newSecret?.());
    const stored = await tokens.insert(accessToken, hashToken(token));
    if (!stored) throw new UnauthenticatedError(); // the caller was removed meanwhile
    events.accessTokenCreated(caller);
    return { accessToken, token };
  }

  /** The caller's own, or, for owners and admins, all of the account. @throws UserForbiddenError */
  async listTokens(
    caller: Principal,
    { all }: { readonly all: boolean },
    page: PageRequest,
  ): Promise<Page<AccessToken>> {
    const { accountId, userId, bucketId } = caller;
    if (bucketId !== undefined || (all && !managesAccount(caller))) throw new UserForbiddenError();
    return this.#options.tokens.list(all ? { accountId } : { accountId, userId }, page);
  }

  /** Revokes the caller's own token, or, for owners and admins, any of the account. @throws AccessTokenNotFoundError */
  async revokeToken(caller: Principal, tokenId: string): Promise<void> {
    const { tokens, cache, events } = this.#options;
    const { accountId, userId } = caller;
    // A token of one bucket may at least end itself.
    if (caller.bucketId !== undefined && caller.credentialId !== tokenId) throw new AccessTokenNotFoundError();
    const change = await tokens.delete(managesAccount(caller) ? { accountId } : { accountId, userId }, tokenId);
    if (change === undefined) throw new AccessTokenNotFoundError();
    await cache.publish([change]);
    events.accessTokenRevoked(caller);
  }
}

/** When a new token ends: as wanted, or with the one it is made with. */
function toExpiry(
  wanted: Date | undefined,
  { createdAt, endsAtMs }: { readonly createdAt: Date; readonly endsAtMs: number | undefined },
): Date | undefined {
  const last = endsAtMs === undefined ? undefined : new Date(endsAtMs);
  if (wanted === undefined) return last;
  const refuse = (must: string): InvalidRequestError =>
    new InvalidRequestError([{ pointer: '/expiresAt', detail: `expiresAt: must be ${must}.` }]);
  if (wanted <= createdAt) throw refuse('in the future');
  if (last !== undefined && wanted > last)
    throw refuse(`${last.toISOString()} or before, when the token it is made with ends`);
  return wanted;
}
