import type { Principal } from '../http/principal.ts';

/** Who a session or an access token stands for, and until when. Plain JSON: it is kept in the cache. */
export interface Credential {
  readonly principal: Principal;
  /** Unix time in ms. @default never */
  readonly expiresAtMs?: number;
}

/** Sessions always end. */
export interface SessionCredential extends Credential {
  readonly expiresAtMs: number;
}
