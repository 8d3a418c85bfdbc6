import type { Response } from 'express';

/** A user's role in its account. Owners and admins manage every bucket; members need a grant. */
export type Role = 'owner' | 'admin' | 'member';

/** What a credential may be used for. `admin` includes `write`, `write` includes `read`. */
export type Scope = 'read' | 'write' | 'admin';

/** Who is calling, and with which credential. */
export interface Principal {
  readonly accountId: string;
  readonly userId: string;
  readonly role: Role;
  readonly credential: 'session' | 'access-token';
  readonly credentialId: string;
  readonly scopes: readonly Scope[];
  /** The only bucket the credential may touch, where it is so limited. */
  readonly bucketId?: string;
  /** Unix time in ms at which an access token ends, where it does. */
  readonly expiresAtMs?: number;
}

const rank: Record<Scope, number> = { read: 0, write: 1, admin: 2 };

/** Whether the credential may be used for `scope`. */
export function hasScope(principal: Principal, scope: Scope): boolean {
  return principal.scopes.some((held) => rank[held] >= rank[scope]);
}

/** The caller of a route that is not open to everybody. */
export function currentPrincipal(res: Response): Principal {
  const { principal } = res.locals;
  if (principal === undefined) throw new Error('The route has no principal: it is open to everybody');
  return principal;
}
