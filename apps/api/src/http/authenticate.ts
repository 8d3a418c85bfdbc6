import { parse } from 'cookie';
import type { Request } from 'express';
import { InvalidAccessTokenError, OriginNotAllowedError } from './http-errors.ts';
import type { Principal } from './principal.ts';

/** Name of the cookie that carries a session's token. */
export const sessionCookie = 'stowage_session';

/** The caller of a request; undefined when it carries no credential. Rejects with UnauthenticatedError when it carries a bad one. */
export type Authenticate = (req: Request) => Promise<Principal | undefined>;

export interface Credentials {
  findSession(token: string): Promise<Principal | undefined>;
  findAccessToken(token: string): Promise<Principal | undefined>;
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Reads the access token or the session cookie. `allowedOrigins` are those whose pages may write with the cookie. */
export function createAuthenticate(credentials: Credentials, allowedOrigins: ReadonlySet<string>): Authenticate {
  return async (req) => {
    const { authorization, cookie } = req.headers;
    if (authorization !== undefined) {
      const token = /^Bearer +([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1];
      const principal = token === undefined ? undefined : await credentials.findAccessToken(token);
      if (principal === undefined) throw new InvalidAccessTokenError();
      return principal;
    }
    const token = cookie === undefined ? undefined : parse(cookie)[sessionCookie];
    if (token === undefined) return undefined;
    if (!safeMethods.has(req.method)) checkOrigin(req, allowedOrigins);
    // A cookie is sent along unasked: an ended session is the same as none.
    return credentials.findSession(token);
  };
}

/** Browsers send `Origin` with every write; programs that use the cookie without a browser send none. */
function checkOrigin(req: Request, allowedOrigins: ReadonlySet<string>): void {
  const { origin } = req.headers;
  if (origin === undefined || allowedOrigins.has(origin)) return;
  if (allowedOrigins.size === 0 && URL.canParse(origin) && new URL(origin).host === req.headers.host) return;
  throw new OriginNotAllowedError();
}
