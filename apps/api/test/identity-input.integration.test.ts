import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { givenColleague, newEmail, signIn, type Browser } from './given-identity.ts';
import { givenAccount, password, send, type Answer, type Client } from './given.ts';
import { startApi, type RunningApi } from './start-api.ts';

let api: RunningApi;
let owner: Client;
let browser: Browser;
beforeAll(async () => {
  api = await startApi();
  owner = await givenAccount(api);
  browser = await signIn(api, owner.email);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const email = 'bob@example.com';
const signUp = { accountName: 'Ada', email, password };
const signInBody = { email, password };
const accept = { token: 'inv_x', password };
const passwords = { currentPassword: password, newPassword: 'another battery staple' };

/** What is wrong, and the pointers or parameters that the answer must name. */
const wrongBodies: readonly [method: string, path: string, json: unknown, places: readonly string[]][] = [
  ['POST', '/v1/accounts', {}, ['/accountName', '/email', '/password']],
  ['POST', '/v1/accounts', [], ['']],
  ['POST', '/v1/accounts', { ...signUp, role: 'owner' }, ['/role']],
  ['POST', '/v1/accounts', { ...signUp, accountName: ' ' }, ['/accountName']],
  ['POST', '/v1/accounts', { ...signUp, accountName: 'a\0b' }, ['/accountName']],
  ['POST', '/v1/accounts', { ...signUp, accountName: 'a\ud800' }, ['/accountName']],
  ['POST', '/v1/accounts', { ...signUp, accountName: 'a'.repeat(101) }, ['/accountName']],
  ['POST', '/v1/accounts', { ...signUp, email: 'bob' }, ['/email']],
  ['POST', '/v1/accounts', { ...signUp, email: `bob\0@example.com` }, ['/email']],
  ['POST', '/v1/accounts', { ...signUp, password: 'short' }, ['/password']],
  ['POST', '/v1/accounts', { ...signUp, password: 'a'.repeat(129) }, ['/password']],
  ['POST', '/v1/accounts', { ...signUp, password: `${password}\udc00` }, ['/password']],
  ['POST', '/v1/sessions', {}, ['/email', '/password']],
  ['POST', '/v1/sessions', { ...signInBody, password: 7 }, ['/password']],
  ['POST', '/v1/sessions', { ...signInBody, password: '' }, ['/password']],
  ['POST', '/v1/sessions', { ...signInBody, password: 'a'.repeat(1_025) }, ['/password']],
  ['POST', '/v1/sessions', { ...signInBody, remember: true }, ['/remember']],
  ['POST', '/v1/invitations/accept', {}, ['/token', '/password']],
  ['POST', '/v1/invitations/accept', { ...accept, email }, ['/email']],
  ['POST', '/v1/invitations/accept', { ...accept, token: 'a'.repeat(201) }, ['/token']],
  ['POST', '/v1/invitations', {}, ['/email', '/role']],
  ['POST', '/v1/invitations', { email, role: 'owner' }, ['/role']],
  ['POST', '/v1/invitations', { email, role: 'member', accountId: newId() }, ['/accountId']],
  ['PATCH', `/v1/users/${newId()}`, {}, ['/role']],
  ['PATCH', `/v1/users/${newId()}`, { role: 'root' }, ['/role']],
  ['PATCH', `/v1/users/${newId()}`, { role: 'member', email }, ['/email']],
  ['PUT', '/v1/users/me/password', {}, ['/currentPassword', '/newPassword']],
  ['PUT', '/v1/users/me/password', { ...passwords, newPassword: 'short' }, ['/newPassword']],
  ['PUT', '/v1/users/me/password', { ...passwords, userId: newId() }, ['/userId']],
  ['POST', '/v1/access-tokens', {}, ['/name', '/scopes']],
  ['POST', '/v1/access-tokens', { name: 'ci', scopes: [] }, ['/scopes']],
  ['POST', '/v1/access-tokens', { name: 'ci', scopes: ['root'] }, ['/scopes/0']],
  ['POST', '/v1/access-tokens', { name: 'ci', scopes: { 0: 'read' } }, ['/scopes']],
  ['POST', '/v1/access-tokens', { name: 'a\nb', scopes: ['read'] }, ['/name']],
  ['POST', '/v1/access-tokens', { name: 'ci', scopes: ['read'], expiresAt: 'tomorrow' }, ['/expiresAt']],
  ['POST', '/v1/access-tokens', { name: 'ci', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }, ['/expiresAt']],
  [
    ...(['POST', '/v1/access-tokens'] as const),
    { name: 'ci', scopes: ['read'], expiresAt: '9999-12-31T23:59:59-01:00' },
    ['/expiresAt'],
  ],
  ['POST', '/v1/access-tokens', { name: 'ci', scopes: ['read'], bucket: 7 }, ['/bucket']],
  ['POST', '/v1/access-tokens', { name: 'ci', scopes: ['read'], userId: newId() }, ['/userId']],
];

const wrongAddresses: readonly [method: string, path: string, place: string][] = [
  ...['/v1/users', '/v1/invitations', '/v1/sessions', '/v1/access-tokens'].flatMap(
    (path): [string, string, string][] => [
      ['GET', `${path}?limit=0`, 'limit'],
      ['GET', `${path}?limit=1001`, 'limit'],
      ['GET', `${path}?limit=ten`, 'limit'],
      ['GET', `${path}?limit=1&limit=2`, 'limit'],
      ['GET', `${path}?cursor=`, 'cursor'],
      ['GET', `${path}?cursor=bm9uc2Vuc2U`, 'cursor'],
      ['GET', `${path}?sort=name`, 'sort'],
    ],
  ),
  ['GET', '/v1/access-tokens?all=yes', 'all'],
  ['GET', '/v1/users/me?full=true', 'full'],
  ['GET', '/v1/account?full=true', 'full'],
  ['GET', '/v1/users/7', 'userId'],
  ['PATCH', "/v1/users/' or 1=1", 'userId'],
  ['DELETE', '/v1/users/..%2fme', 'userId'],
  ['DELETE', '/v1/sessions/%00', 'sessionId'],
  ['DELETE', '/v1/invitations/acceptx', 'invitationId'],
  ['DELETE', '/v1/access-tokens/all', 'tokenId'],
];

describe('malformed requests', () => {
  it.each(wrongBodies)('400: %s %s %j', async (...[method, path, json, places]) => {
    const answer = await browser.call(method, path, { json });
    expect([answer.status, answer.json.type]).toEqual([400, '/problems/invalid-request']);
    expect(answer.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(places);
  });

  it.each(wrongAddresses)('400: %s %s', async (method, path, place) => {
    const answer = await browser.call(method, path, method === 'PATCH' ? { json: { role: 'member' } } : {});
    expect([answer.status, answer.json.type]).toEqual([400, '/problems/invalid-request']);
    expect(answer.json.errors).toEqual([expect.objectContaining({ parameter: place })]);
  });

  it.each([
    ['POST', '/v1/accounts'],
    ['POST', '/v1/sessions'],
    ['POST', '/v1/invitations'],
    ['POST', '/v1/invitations/accept'],
    ['POST', '/v1/access-tokens'],
    ['PUT', '/v1/users/me/password'],
    ['PATCH', `/v1/users/${newId()}`],
  ])('4xx: %s %s with a body that is no JSON', async (method, path) => {
    const broken = await browser.call(method, path, {
      body: '{"email":',
      headers: { 'content-type': 'application/json' },
    });
    expect([broken.status, broken.json.type]).toEqual([400, '/problems/invalid-request']);
    const form = await browser.call(method, path, {
      body: 'email=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([form.status, form.json.type]).toEqual([415, '/problems/unsupported-media-type']);
  });

  it('changed nothing', async () => {
    expect((await owner.call('GET', '/v1/users')).json.items).toHaveLength(1);
    expect((await owner.call('GET', '/v1/invitations')).json.items).toEqual([]);
    expect((await owner.call('GET', '/v1/access-tokens')).json.items).toHaveLength(1);
    await signIn(api, owner.email);
  });
});

describe('callers without a credential', () => {
  it.each([
    ['GET', '/v1/account'],
    ['GET', '/v1/users'],
    ['GET', '/v1/users/me'],
    ['GET', `/v1/users/${newId()}`],
    ['PATCH', `/v1/users/${newId()}`],
    ['DELETE', `/v1/users/${newId()}`],
    ['PUT', '/v1/users/me/password'],
    ['POST', '/v1/invitations'],
    ['GET', '/v1/invitations'],
    ['DELETE', `/v1/invitations/${newId()}`],
    ['GET', '/v1/sessions'],
    ['DELETE', '/v1/sessions/current'],
    ['DELETE', `/v1/sessions/${newId()}`],
    ['POST', '/v1/access-tokens'],
    ['GET', '/v1/access-tokens'],
    ['DELETE', `/v1/access-tokens/${newId()}`],
  ])('401: %s %s', async (method, path) => {
    const made = `stw_${'A'.repeat(43)}`;
    for (const headers of [
      {},
      { authorization: `Bearer ${made}` },
      { authorization: 'Bearer x' },
      { cookie: 'stowage_session=x' },
    ]) {
      const answer = await send(api, method, path, { headers });
      expect([answer.status, answer.json.type]).toEqual([401, '/problems/unauthenticated']);
    }
  });
});

describe('things of others', () => {
  /** The answer but for what names this one request. */
  function comparable({ status, headers, bytes }: Answer): unknown {
    const body = JSON.parse(bytes.toString()) as object;
    const shown = [...headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name));
    return { status, shown, body: { ...body, instance: '' } };
  }

  it("404: another account's is answered like none, byte for byte", async () => {
    const other = await givenAccount(api);
    const theirs = await signIn(api, other.email);
    const invitation = await other.call('POST', '/v1/invitations', { json: { email: newEmail(), role: 'member' } });
    const { items: tokens } = (await other.call('GET', '/v1/access-tokens')).json as { items: { id: string }[] };
    const things: readonly [method: string, path: string, id: string, json?: object][] = [
      ['GET', '/v1/users/', other.userId],
      ['PATCH', '/v1/users/', other.userId, { role: 'member' }],
      ['DELETE', '/v1/users/', other.userId],
      ['DELETE', '/v1/invitations/', invitation.json.id as string],
      ['DELETE', '/v1/sessions/', theirs.sessionId],
      ['DELETE', '/v1/access-tokens/', tokens[0]?.id ?? ''],
    ];
    for (const [method, path, id, json] of things) {
      const init = json === undefined ? {} : { json };
      const existing = await owner.call(method, path + id, init);
      const missing = await owner.call(method, path + newId(), init);
      expect(existing.status).toBe(404);
      expect(comparable(existing)).toEqual(comparable(missing));
      expect(existing.bytes.length).toBe(missing.bytes.length);
    }
    expect((await theirs.call('GET', '/v1/users/me')).status).toBe(200);
    expect((await other.call('GET', '/v1/invitations')).json.items).toHaveLength(1);
  });

  it("404: a member learns nothing of its colleagues' things", async () => {
    const member = await givenColleague(api, owner, 'member');
    const colleague = await givenColleague(api, owner, 'member');
    const token = await colleague.call('POST', '/v1/access-tokens', { json: { name: 'ci', scopes: ['read'] } });
    const invitation = await owner.call('POST', '/v1/invitations', { json: { email: newEmail(), role: 'member' } });
    const things: readonly [method: string, path: string, id: string, json?: object][] = [
      ['GET', '/v1/users/', colleague.userId],
      ['PATCH', '/v1/users/', colleague.userId, { role: 'admin' }],
      ['DELETE', '/v1/users/', colleague.userId],
      ['DELETE', '/v1/sessions/', colleague.sessionId],
      ['DELETE', '/v1/access-tokens/', token.json.id as string],
      ['DELETE', '/v1/invitations/', invitation.json.id as string],
    ];
    for (const [method, path, id, json] of things) {
      const init = json === undefined ? {} : { json };
      const existing = await member.call(method, path + id, init);
      const missing = await member.call(method, path + newId(), init);
      expect(existing.status).toBe(404);
      expect(comparable(existing)).toEqual(comparable(missing));
    }
    expect((await colleague.call('GET', '/v1/users/me')).json.role).toBe('member');
  });
});
