import type { CookieOptions } from 'express';
import { sessionCookie } from '../http/authenticate.ts';
import { toPageRequest, toPageResponse } from '../http/page-cursor.ts';
import { currentPrincipal } from '../http/principal.ts';
import { route, type Exchange, type Route } from '../http/route.ts';
import {
  listSessionsQuery,
  sessionPageResponse,
  sessionParams,
  signInRequest,
  signInResponse,
  toSessionResponse,
  toSignInResponse,
} from './session-schemas.ts';
import type { SessionService, SignedIn } from './session-service.ts';

export interface SessionRoutesOptions {
  /** Browsers send the cookie over HTTPS only. */
  readonly secureCookie: boolean;
}

const tag = 'sessions';
const maxUserAgentChars = 256;

export function sessionRoutes(service: SessionService, { secureCookie }: SessionRoutesOptions): readonly Route[] {
  const cookie: CookieOptions = { httpOnly: true, secure: secureCookie, sameSite: 'lax', path: '/' };
  return [signIn(service, cookie), listSessions(service), ...signOut(service, cookie)];
}

function signIn(service: SessionService, cookie: CookieOptions): Route {
  return route({
    method: 'post',
    path: '/v1/sessions',
    operationId: 'signIn',
    tag,
    summary: 'Sign in',
    access: 'anonymous',
    rateLimit: 'sign-in',
    request: { body: signInRequest },
    responses: {
      201: {
        description: 'Signed in.',
        body: signInResponse,
        headers: { 'Set-Cookie': `\`${sessionCookie}\`, the session's token, for this browser alone.` },
      },
    },
    problems: ['sign-in-failed'],
    handle: async ({ body }, { req, res }) => {
      const userAgent = (req.headers['user-agent'] ?? '').slice(0, maxUserAgentChars);
      const signedIn = await service.signIn({ ...body, address: req.ip ?? '', userAgent });
      setCookie(signedIn, cookie, res);
      res.status(201).json(toSignInResponse(signedIn));
    },
  });
}

function setCookie({ token, session }: SignedIn, cookie: CookieOptions, res: Exchange['res']): void {
  res.cookie(sessionCookie, token, { ...cookie, maxAge: session.expiresAt.getTime() - session.createdAt.getTime() });
}

function listSessions(service: SessionService): Route {
  return route({
    method: 'get',
    path: '/v1/sessions',
    operationId: 'listSessions',
    tag,
    summary: 'List your sessions',
    access: 'admin',
    request: { query: listSessionsQuery },
    responses: {
      200: { description: 'A page of the sessions that have not ended, oldest first.', body: sessionPageResponse },
    },
    problems: ['user-forbidden'],
    handle: async ({ query }, { res }) => {
      const caller = currentPrincipal(res);
      const page = await service.listSessions(caller, toPageRequest(query));
      res.json(toPageResponse(page, (session) => toSessionResponse(session, caller.credentialId)));
    },
  });
}

/** `current` is mounted first: it is no session id. */
function signOut(service: SessionService, cookie: CookieOptions): readonly Route[] {
  return [
    route({
      method: 'delete',
      path: '/v1/sessions/current',
      operationId: 'signOut',
      tag,
      summary: 'Sign out',
      access: 'admin',
      request: {},
      responses: { 204: { description: 'Signed out.', headers: { 'Set-Cookie': 'Takes the cookie away.' } } },
      problems: ['session-not-found'],
      handle: async (_input, { res }) => {
        await service.endCurrentSession(currentPrincipal(res));
        res.clearCookie(sessionCookie, cookie).status(204).end();
      },
    }),
    route({
      method: 'delete',
      path: '/v1/sessions/:sessionId',
      operationId: 'endSession',
      tag,
      summary: 'End one of your sessions',
      access: 'admin',
      request: { params: sessionParams },
      responses: { 204: { description: 'Ended; nobody gets in with it any more.' } },
      problems: ['session-not-found', 'user-forbidden'],
      handle: async ({ params }, { res }) => {
        await service.endSession(currentPrincipal(res), params.sessionId);
        res.status(204).end();
      },
    }),
  ];
}
