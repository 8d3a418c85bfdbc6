import type { Principal, Role } from '../http/principal.ts';
import type { Session } from './session.ts';

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

/** A session may be used for everything that the user's role allows. */
export function toSessionCredential(
  session: Pick<Session, 'id' | 'accountId' | 'userId' | 'expiresAt'>,
  role: Role,
): SessionCredential {
  return {
    principal: {
      accountId: session.accountId,
      userId: session.userId,
      role,
      credential: 'session',
      credentialId: session.id,
      scopes: ['read', 'write', 'admin'],
    },
    expiresAtMs: session.expiresAt.getTime(),
  };
}
