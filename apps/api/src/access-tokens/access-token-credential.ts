import type { Versioned } from '@stowage/cache';
import type { Role, Scope } from '../http/principal.ts';
import type { Credential } from '../sessions/credential.ts';

/** An access token and its user's role, as they are stored. */
export interface StoredAccessToken {
  readonly id: string;
  readonly accountId: string;
  readonly userId: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly bucketId: string | null;
  readonly expiresAt: Date | null;
}

/** What the cache must know after an access token was changed or ended. */
export interface AccessTokenChange {
  readonly tokenHash: string;
  /** Without a value the token has ended. */
  readonly credential: Versioned<Credential>;
}

export function toAccessTokenCredential(token: StoredAccessToken): Credential {
  return {
    principal: {
      accountId: token.accountId,
      userId: token.userId,
      role: token.role,
      credential: 'access-token',
      credentialId: token.id,
      scopes: token.scopes,
      ...(token.bucketId !== null && { bucketId: token.bucketId }),
    },
    ...(token.expiresAt !== null && { expiresAtMs: token.expiresAt.getTime() }),
  };
}
