import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { givenPrincipal } from '../../test/given-principal.ts';
import { createAuthenticate, sessionCookie } from './authenticate.ts';
import { OriginNotAllowedError, UnauthenticatedError } from './http-errors.ts';
import type { Principal } from './principal.ts';

const ofSession = givenPrincipal({ credentialId: 'session' });
const ofToken = givenPrincipal({ credential: 'access-token', credentialId: 'token' });

function ask(
  headers: Record<string, string>,
  { method = 'GET', origins = [] as string[] } = {},
): Promise<Principal | undefined> {
  const authenticate = createAuthenticate(
    {
      findSession: async (token) => (token === 'good' ? ofSession : undefined),
      findAccessToken: async (token) => (token === 'good' ? ofToken : undefined),
    },
    new Set(origins),
  );
  return authenticate({ headers: { host: 'files.example.com', ...headers }, method } as unknown as Request);
}

const cookie = `theme=dark; ${sessionCookie}=good`;

describe('createAuthenticate', () => {
  it('knows nobody without a credential', async () => {
    expect(await ask({})).toBeUndefined();
    expect(await ask({ cookie: 'theme=dark' })).toBeUndefined();
  });

  it.each(['Bearer good', 'bearer good', 'BEARER good', 'Bearer   good'])(
    'takes an access token in %j',
    async (authorization) => {
      expect(await ask({ authorization })).toBe(ofToken);
    },
  );

  it.each([
    'Bearer bad',
    'good',
    'Basic good',
    'Bearer',
    'Bearer ',
    'Bearer good good',
    `Bearer ${'a'.repeat(201)}`,
    '',
  ])('refuses the authorization %j, also beside a good cookie', async (authorization) => {
    await expect(ask({ authorization, cookie })).rejects.toBeInstanceOf(UnauthenticatedError);
  });

  it('takes a session by its cookie, and an ended one as none', async () => {
    expect(await ask({ cookie })).toBe(ofSession);
    expect(await ask({ cookie: `${sessionCookie}=ended` })).toBeUndefined();
  });

  const own = 'https://files.example.com';
  const app = 'https://app.example.com';
  it.each([
    { title: 'its own page', origin: own, origins: [], allowed: true },
    { title: 'a page of another host', origin: 'https://evil.example.com', origins: [], allowed: false },
    { title: 'a sandboxed page', origin: 'null', origins: [], allowed: false },
    { title: 'an allowed origin', origin: app, origins: [app], allowed: true },
    { title: 'the same host on another port', origin: `${own}:8443`, origins: [], allowed: false },
    { title: 'its own host where others are configured', origin: own, origins: [app], allowed: false },
    { title: 'an origin that begins like an allowed one', origin: `${app}.evil.com`, origins: [app], allowed: false },
  ])('with a cookie, lets $title write: $allowed', async ({ origin, origins, allowed }) => {
    const asked = ask({ cookie, origin }, { method: 'POST', origins });
    if (allowed) expect(await asked).toBe(ofSession);
    else await expect(asked).rejects.toBeInstanceOf(OriginNotAllowedError);
  });

  it('asks no origin of reads, of programs without one, and of access tokens', async () => {
    const origin = 'https://evil.example.com';
    expect(await ask({ cookie, origin })).toBe(ofSession);
    expect(await ask({ cookie }, { method: 'DELETE' })).toBe(ofSession);
    expect(await ask({ authorization: 'Bearer good', origin }, { method: 'DELETE' })).toBe(ofToken);
  });
});
