import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisClient } from '@stowage/cache';
import { RedisServerProcess } from '@stowage/cache/testing';
import { callWith, givenColleague, newEmail, signIn } from './given-identity.ts';
import { givenAccount, givenBucket, password, send } from './given.ts';
import { requiredService, startApi, type RunningApi } from './start-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe('signing up', () => {
  it('201: makes an account and its owner, who is not signed in yet', async () => {
    const email = newEmail();
    const answer = await send(api, 'POST', '/v1/accounts', {
      json: { accountName: ' Ada & Co ', email: ` ${email.toUpperCase()} `, password },
    });
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      account: { id: expect.any(String), name: 'Ada & Co', createdAt: expect.any(String) },
      user: {
        id: expect.any(String),
        accountId: answer.json.account.id,
        email,
        role: 'owner',
        createdAt: expect.any(String),
      },
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
    const browser = await signIn(api, email);
    expect((await browser.call('GET', '/v1/account')).json).toEqual(answer.json.account);
    expect((await browser.call('GET', '/v1/users/me')).json).toEqual(answer.json.user);
  });

  it('409: somebody has the e-mail address', async () => {
    const { email } = await givenAccount(api);
    const answer = await send(api, 'POST', '/v1/accounts', { json: { accountName: 'Second', email, password } });
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ type: '/problems/email-taken' });
    expect(answer.bytes.toString()).not.toContain(email);
  });

  it('403: the installation takes the invited only, or nobody', async () => {
    const client = await givenAccount(api);
    const { token } = (await client.call('POST', '/v1/invitations', { json: { email: newEmail(), role: 'member' } }))
      .json;
    const signUp = { accountName: 'Late', email: newEmail(), password };
    await using inviting = await startApi({ beside: api, env: { SIGN_UP_MODE: 'invite' } });
    await using closed = await startApi({ beside: api, env: { SIGN_UP_MODE: 'closed' } });
    for (const mode of [inviting, closed]) {
      const answer = await send(mode, 'POST', '/v1/accounts', { json: signUp });
      expect([answer.status, answer.json.type]).toEqual([403, '/problems/sign-up-closed']);
    }
    const invite = { json: { email: newEmail(), role: 'member' } };
    expect((await callWith(inviting, client.token)('POST', '/v1/invitations', invite)).status).toBe(201);
    expect((await callWith(closed, client.token)('POST', '/v1/invitations', invite)).status).toBe(403);
    expect((await send(closed, 'POST', '/v1/invitations/accept', { json: { token, password } })).status).toBe(403);
    expect((await send(inviting, 'POST', '/v1/invitations/accept', { json: { token, password } })).status).toBe(201);
  });
});

/** Until then the process counts by itself, and what it has counted is forgotten. */
async function untilConnected({ url }: RedisServerProcess): Promise<void> {
  await using watcher = RedisClient.open({ url, name: 'watcher', onError: () => undefined });
  const clients = (): Promise<string> => watcher.send(['CLIENT', 'LIST']).then(String, () => '');
  while (!(await clients()).includes('name=stowage-api')) await delay(20);
}

describe('signing in', () => {
  it('201: sets a cookie that scripts and other sites do not get', async () => {
    const { email, userId } = await givenAccount(api);
    const { signedIn } = await signIn(api, ` ${email.toUpperCase()}`);
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(
      /^stowage_session=[A-Za-z0-9_-]{43}; Max-Age=1209600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    expect(signedIn.json).toEqual({
      id: expect.any(String),
      expiresAt: expect.any(String),
      user: expect.objectContaining({ id: userId }),
    });
    expect(signedIn.headers.get('cache-control')).toBe('no-store');
    expect(signedIn.bytes.toString()).not.toContain(/=([^;]+)/.exec(cookie)?.[1]);
  });

  it('401: the same answer for a wrong password and for an unknown address', async () => {
    const { email } = await givenAccount(api);
    const answers = await Promise.all(
      [email, newEmail()].map((tried) =>
        send(api, 'POST', '/v1/sessions', { json: { email: tried, password: 'wrong' } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect({ ...answers[0]?.json, instance: '' }).toEqual({ ...answers[1]?.json, instance: '' });
    expect(answers[0]?.json.type).toBe('/problems/sign-in-failed');
    expect(answers[0]?.headers.get('set-cookie')).toBeNull();
  });

  it('429: too many attempts on one address, whether it exists or not', async () => {
    await using redis = await RedisServerProcess.start(requiredService('TEST_REDIS_SERVER'));
    const env = { SIGN_INS_PER_MINUTE: '3', TRUST_PROXY_HOPS: '1', REDIS_URL: redis.url };
    await using limited = await startApi({ beside: api, env });
    await untilConnected(redis);
    const email = newEmail();
    const attempt = (n: number): ReturnType<typeof send> =>
      send(limited, 'POST', '/v1/sessions', {
        json: { email, password },
        headers: { 'x-forwarded-for': `192.0.2.${n}` }, // each from elsewhere
      });
    const statuses = [];
    for (const n of [1, 2, 3, 4]) statuses.push((await attempt(n)).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(Number((await attempt(5)).headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('403: a page of another origin may not write with the cookie', async () => {
    const { email } = await givenAccount(api);
    const browser = await signIn(api, email);
    const json = { name: 'stolen', scopes: ['admin'] };
    const foreign = await browser.call('POST', '/v1/access-tokens', {
      json,
      headers: { origin: 'https://evil.example' },
    });
    expect([foreign.status, foreign.json.type]).toEqual([403, '/problems/origin-not-allowed']);
    const own = await browser.call('POST', '/v1/access-tokens', { json, headers: { origin: api.url } });
    expect(own.status).toBe(201);
    const reading = await browser.call('GET', '/v1/users/me', { headers: { origin: 'https://evil.example' } });
    expect(reading.status).toBe(200);
  });
});

describe('sessions', () => {
  it('are listed and ended by their user', async () => {
    const { email } = await givenAccount(api);
    const first = await signIn(api, email);
    const second = await signIn(api, email);
    const { items } = (await second.call('GET', '/v1/sessions')).json;
    expect(items).toHaveLength(3); // the first is of `givenAccount`
    expect(items[2]).toEqual({
      ...{ id: second.sessionId, address: '127.0.0.1', userAgent: 'node', current: true },
      ...{ createdAt: expect.any(String), expiresAt: second.signedIn.json.expiresAt },
    });
    expect((await second.call('DELETE', `/v1/sessions/${first.sessionId}`)).status).toBe(204);
    expect((await first.call('GET', '/v1/users/me')).status).toBe(401);
    expect((await second.call('GET', '/v1/users/me')).status).toBe(200);
  });

  it('204: signing out takes the cookie away, and it is worth nothing any more', async () => {
    const browser = await signIn(api, (await givenAccount(api)).email);
    expect((await browser.call('GET', '/v1/users/me')).status).toBe(200);
    const out = await browser.call('DELETE', '/v1/sessions/current');
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(
      /^stowage_session=; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax$/,
    );
    expect((await browser.call('GET', '/v1/users/me')).status).toBe(401);
  });

  it('end, all but one, when the password changes', async () => {
    const { email } = await givenAccount(api);
    const other = await signIn(api, email);
    const browser = await signIn(api, email);
    const newPassword = 'another battery staple';
    const wrong = await browser.call('PUT', '/v1/users/me/password', {
      json: { currentPassword: newPassword, newPassword },
    });
    expect([wrong.status, wrong.json.type]).toEqual([403, '/problems/wrong-password']);
    const right = await browser.call('PUT', '/v1/users/me/password', {
      json: { currentPassword: password, newPassword },
    });
    expect(right.status).toBe(204);
    expect((await other.call('GET', '/v1/users/me')).status).toBe(401);
    expect((await browser.call('GET', '/v1/users/me')).status).toBe(200);
    expect((await send(api, 'POST', '/v1/sessions', { json: { email, password } })).status).toBe(401);
    await signIn(api, email, newPassword);
  });
});

describe('roles', () => {
  it('decide at once, with sessions and with tokens', async () => {
    const owner = await givenAccount(api);
    const admin = await givenColleague(api, owner, 'admin');
    const { token } = (await admin.call('POST', '/v1/access-tokens', { json: { name: 'ci', scopes: ['admin'] } })).json;
    const byToken = callWith(api, token as string);
    expect((await byToken('GET', '/v1/users')).json.items).toHaveLength(2);
    expect((await byToken('PATCH', `/v1/users/${owner.userId}`, { json: { role: 'member' } })).json.type).toBe(
      '/problems/user-forbidden',
    );
    const demoted = await owner.call('PATCH', `/v1/users/${admin.userId}`, { json: { role: 'member' } });
    expect([demoted.status, demoted.json.role]).toEqual([200, 'member']);
    expect((await admin.call('GET', '/v1/users/me')).status).toBe(401);
    expect((await byToken('GET', '/v1/users')).status).toBe(403);
    expect((await byToken('GET', '/v1/users/me')).json.role).toBe('member');
    expect((await owner.call('PATCH', `/v1/users/${owner.userId}`, { json: { role: 'admin' } })).json.type).toBe(
      '/problems/last-owner',
    );
  });

  it('204: a removed user is out, with every credential', async () => {
    const owner = await givenAccount(api);
    const member = await givenColleague(api, owner, 'member');
    const { token } = (await member.call('POST', '/v1/access-tokens', { json: { name: 'ci', scopes: ['read'] } })).json;
    expect((await callWith(api, token as string)('GET', '/v1/users/me')).status).toBe(200);
    expect((await owner.call('DELETE', `/v1/users/${member.userId}`)).status).toBe(204);
    expect((await callWith(api, token as string)('GET', '/v1/users/me')).status).toBe(401);
    expect((await member.call('GET', '/v1/users/me')).status).toBe(401);
    expect((await send(api, 'POST', '/v1/sessions', { json: { email: member.email, password } })).status).toBe(401);
  });
});

describe('access tokens', () => {
  it('are shown once, listed without the secret, and revoked', async () => {
    const owner = await givenAccount(api);
    const bucket = await givenBucket(owner);
    const expiresAt = '2099-01-01T01:00:00+01:00';
    const created = await owner.call('POST', '/v1/access-tokens', {
      json: { name: 'ci', scopes: ['read', 'read'], bucket, expiresAt },
    });
    const { token, ...shown } = created.json;
    expect(created.status).toBe(201);
    expect(token).toMatch(/^stw_/);
    expect(shown).toMatchObject({ name: 'ci', scopes: ['read'], bucket, expiresAt: '2099-01-01T00:00:00.000Z' });
    const listed = await owner.call('GET', '/v1/access-tokens');
    expect(listed.json.items).toContainEqual(shown);
    expect(listed.bytes.toString()).not.toContain(token);
    expect((await owner.call('DELETE', `/v1/access-tokens/${shown.id}`)).status).toBe(204);
    expect((await callWith(api, token as string)('GET', '/v1/users/me')).status).toBe(401);
  });

  it('403: need the scope, and give none they lack', async () => {
    const owner = await givenAccount(api);
    const { token } = (await owner.call('POST', '/v1/access-tokens', { json: { name: 'ci', scopes: ['write'] } })).json;
    const call = callWith(api, token as string);
    for (const path of ['/v1/users', '/v1/invitations', '/v1/sessions', '/v1/access-tokens']) {
      expect((await call('GET', path)).json.type).toBe('/problems/insufficient-scope');
    }
    const more = await call('POST', '/v1/access-tokens', { json: { name: 'more', scopes: ['read'] } });
    expect(more.json.type).toBe('/problems/insufficient-scope');
  });

  it('of one bucket manage nothing else', async () => {
    const owner = await givenAccount(api);
    const bucket = await givenBucket(owner);
    const other = await givenBucket(owner);
    const { token } = (
      await owner.call('POST', '/v1/access-tokens', { json: { name: 'ci', scopes: ['admin'], bucket } })
    ).json;
    const call = callWith(api, token as string);
    for (const path of ['/v1/users', '/v1/invitations', '/v1/sessions', '/v1/access-tokens?all=true']) {
      expect((await call('GET', path)).json.type).toBe('/problems/user-forbidden');
    }
    const json = { name: 'more', scopes: ['read'] };
    expect((await call('POST', '/v1/access-tokens', { json })).json.type).toBe('/problems/user-forbidden');
    expect((await call('POST', '/v1/access-tokens', { json: { ...json, bucket: other } })).json.type).toBe(
      '/problems/bucket-not-found',
    );
    expect((await call('POST', '/v1/access-tokens', { json: { ...json, bucket } })).status).toBe(201);
  });
});

describe('lists', () => {
  it('come page by page', async () => {
    const owner = await givenAccount(api);
    for (const n of [1, 2, 3])
      await owner.call('POST', '/v1/access-tokens', { json: { name: `token ${n}`, scopes: ['read'] } });
    const names: string[] = [];
    let path: string | undefined = '/v1/access-tokens?limit=2';
    while (path !== undefined) {
      const { items, nextCursor } = (await owner.call('GET', path)).json as {
        items: { name: string }[];
        nextCursor?: string;
      };
      names.push(...items.map(({ name }) => name));
      path = nextCursor === undefined ? undefined : `/v1/access-tokens?limit=2&cursor=${nextCursor}`;
    }
    expect(names).toEqual(['test', 'token 1', 'token 2', 'token 3']);
  });
});
