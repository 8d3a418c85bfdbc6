import type { AccessTokenChange } from '../access-tokens/access-token-credential.ts';

/** What a change of a user did to its credentials. */
export interface CredentialChanges {
  /** Token hashes. */
  readonly endedSessions: readonly string[];
  readonly accessTokens: readonly AccessTokenChange[];
}
