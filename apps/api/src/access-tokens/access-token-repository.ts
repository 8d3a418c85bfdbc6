import type { Versioned } from '@stowage/cache';
import type { Page, PageRequest } from '../http/page-cursor.ts';
import type { Credential } from '../sessions/credential.ts';
import type { AccessTokenChange } from './access-token-credential.ts';
import type { AccessToken } from './access-token.ts';

export interface AccessTokenRepository {
  /** Stores the token, if its user still exists and it is not stored already; whether it is stored now. */
  insert(token: AccessToken, tokenHash: string): Promise<boolean>;
  /** Who the token stands for, in one statement; without a value when there is none. An expired one may still be found. */
  find(tokenHash: string): Promise<Versioned<Credential>>;
  list(filter: AccessTokenFilter, page: PageRequest): Promise<Page<AccessToken>>;
  /** Deletes the token, if the filter lets it; answers what to publish. */
  delete(filter: AccessTokenFilter, tokenId: string): Promise<AccessTokenChange | undefined>;
}

export interface AccessTokenFilter {
  readonly accountId: string;
  /** @default any user of the account */
  readonly userId?: string | undefined;
}
