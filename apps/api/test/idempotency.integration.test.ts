import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenAccount, password, send, type Answer, type Client } from './given.ts';
import { startApi, type RunningApi } from './start-api.ts';
import { countRows, findInDatabase } from './table-contents.ts';

describe('Idempotency-Key', () => {
  let api: RunningApi;
  let client: Client;
  beforeAll(async () => {
    api = await startApi();
    client = await givenAccount(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  type Create = (path: string, json: unknown, key: string) => Promise<Answer>;
  const createBy =
    (caller: Pick<Client, 'call'>): Create =>
    (path, json, key) =>
      caller.call('POST', path, { json, headers: { 'idempotency-key': key } });
  const create: Create = (...request) => createBy(client)(...request);
  const createAnonymously = createBy({ call: (method, path, init) => send(api, method, path, init) });

  it('201 again: the bucket is made once and its answer comes again', async () => {
    const key = randomUUID();
    const name = newName();
    const first = await create('/v1/buckets', { name }, key);
    const again = await create('/v1/buckets', { name }, key);
    expect(first.status).toBe(201);
    expect(again.status).toBe(201);
    expect(again.json).toEqual(first.json);
    for (const header of ['location', 'content-type', 'content-length']) {
      expect(again.headers.get(header)).toBe(first.headers.get(header));
    }
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(await countRows(api, 'buckets', { name })).toBe(1);
  });

  it('201 again: quoted as in the IETF draft, members in another order, over another process', async () => {
    await using second = await startApi({ beside: api });
    const key = randomUUID();
    const name = newName();
    const first = await create('/v1/buckets', { name, publicRead: true }, key);
    const again = await send(second, 'POST', '/v1/buckets', {
      json: { publicRead: true, name },
      headers: { authorization: `Bearer ${client.token}`, 'idempotency-key': `"${key}"` },
    });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.json).toEqual(first.json);
  });

  it('201 each: without the header or with new keys the requests have nothing to do with each other', async () => {
    const invite = { email: newEmail(), role: 'member' };
    const answers = [
      await client.call('POST', '/v1/invitations', { json: invite }),
      await client.call('POST', '/v1/invitations', { json: invite }),
      await create('/v1/invitations', invite, randomUUID()),
      await create('/v1/invitations', invite, randomUUID()),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map(({ json }) => json.id as string)).size).toBe(4);
  });

  it('422: the key came with another body, and nothing is made', async () => {
    const key = randomUUID();
    const name = newName();
    await create('/v1/buckets', { name: newName() }, key);
    const other = await create('/v1/buckets', { name }, key);
    expect(other.status).toBe(422);
    expect(other.json.type).toBe('/problems/idempotency-key-reused');
    expect(await countRows(api, 'buckets', { name })).toBe(0);
  });

  it('one effect of 50 requests at the same time; the others are refused or get its answer', async () => {
    const key = randomUUID();
    const tokenName = newName();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => create('/v1/access-tokens', { name: tokenName, scopes: ['read'] }, key)),
    );
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect(made.length + refused.length).toBe(50);
    expect(new Set(made.map(({ json }) => json.token as string)).size).toBe(1);
    expect(made.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    for (const { json, headers } of refused) {
      expect(json.type).toBe('/problems/idempotency-key-in-use');
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(await countRows(api, 'access_tokens', { name: tokenName })).toBe(1);
  });

  it("201: another account's same key is another key", async () => {
    const other = await givenAccount(api);
    const key = randomUUID();
    const name = newName();
    const answers = [
      await createBy(other)('/v1/buckets', { name }, key),
      await create('/v1/buckets', { name }, key),
      await createBy(other)('/v1/buckets', { name: newName() }, key),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 422]);
    expect(answers[1]?.headers.get('idempotency-replayed')).toBeNull();
    expect(answers[1]?.json.id).not.toBe(answers[0]?.json.id);
  });

  it('201: the same key on another route is another key', async () => {
    const key = randomUUID();
    const bucket = await create('/v1/buckets', { name: newName() }, key);
    const invitation = await create('/v1/invitations', { email: newEmail(), role: 'member' }, key);
    expect([bucket.status, invitation.status]).toEqual([201, 201]);
  });

  it('a credential of one bucket gets no answers of its user', async () => {
    const bucket = newName();
    await client.call('POST', '/v1/buckets', { json: { name: bucket } });
    const limited = await client.call('POST', '/v1/access-tokens', {
      json: { name: 'limited', scopes: ['admin'], bucket },
    });
    const key = randomUUID();
    const wanted = { name: 'wide', scopes: ['admin'] };
    expect((await create('/v1/access-tokens', wanted, key)).status).toBe(201);
    const answer = await send(api, 'POST', '/v1/access-tokens', {
      json: wanted,
      headers: { authorization: `Bearer ${limited.json.token as string}`, 'idempotency-key': key },
    });
    expect(answer.status).toBe(403);
    expect(answer.json.token).toBeUndefined();
  });

  it('201 again: signing up without a credential, and what it is for another body', async () => {
    const key = randomUUID();
    const json = { accountName: 'Once', email: newEmail(), password };
    const first = await createAnonymously('/v1/accounts', json, key);
    const again = await createAnonymously('/v1/accounts', json, key);
    expect(first.status).toBe(201);
    expect(again.json).toEqual(first.json);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await countRows(api, 'users', { email: json.email })).toBe(1);
    const typo = { ...json, password: `${password}!` };
    expect((await createAnonymously('/v1/accounts', typo, key)).status).toBe(422);
  });

  it('201 again: an invitation and its acceptance', async () => {
    const [inviteKey, acceptKey] = [randomUUID(), randomUUID()];
    const email = newEmail();
    const invited = await create('/v1/invitations', { email, role: 'member' }, inviteKey);
    const invitedAgain = await create('/v1/invitations', { email, role: 'member' }, inviteKey);
    expect(invitedAgain.json).toEqual(invited.json);
    expect(invitedAgain.headers.get('cache-control')).toBe('no-store');
    const acceptance = { token: invited.json.token as string, password };
    const accepted = await createAnonymously('/v1/invitations/accept', acceptance, acceptKey);
    const acceptedAgain = await createAnonymously('/v1/invitations/accept', acceptance, acceptKey);
    expect([accepted.status, acceptedAgain.status]).toEqual([201, 201]);
    expect(acceptedAgain.json).toEqual(accepted.json);
    expect((await createAnonymously('/v1/invitations/accept', acceptance, randomUUID())).status).toBe(404);
    expect(await countRows(api, 'users', { email })).toBe(1);
    expect(await countRows(api, 'invitations', { email })).toBe(1);
  });

  it('409 again: a refusal stays, though the name is free by now', async () => {
    const key = randomUUID();
    const name = newName();
    await client.call('POST', '/v1/buckets', { json: { name } });
    const refused = await create('/v1/buckets', { name }, key);
    await client.call('DELETE', `/v1/buckets/${name}`);
    const again = await create('/v1/buckets', { name }, key);
    expect(refused.status).toBe(409);
    expect(refused.json.type).toBe('/problems/bucket-name-taken');
    expect(again.status).toBe(409);
    expect(again.headers.get('content-type')).toBe('application/problem+json');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.json).toEqual(refused.json);
    expect((await create('/v1/buckets', { name }, randomUUID())).status).toBe(201);
  });

  it('400: a malformed body does not use the key up', async () => {
    const key = randomUUID();
    const name = newName();
    expect((await create('/v1/buckets', { name, unknown: 1 }, key)).status).toBe(400);
    expect((await create('/v1/buckets', { name }, key)).status).toBe(201);
  });

  it('401: a credential that is not valid gets no recorded answer', async () => {
    const key = randomUUID();
    const name = newName();
    await create('/v1/buckets', { name }, key);
    const authorization = `Bearer stw_${randomBytes(32).toString('base64url')}`;
    const answer = await send(api, 'POST', '/v1/buckets', {
      json: { name },
      headers: { authorization, 'idempotency-key': key },
    });
    expect(answer.status).toBe(401);
  });

  it.each(['short', 'x'.repeat(256), 'two words of sixteen', `"${randomUUID()}`])('400: %j is no key', async (key) => {
    const name = newName();
    const answer = await create('/v1/buckets', { name }, key);
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toEqual([{ header: 'idempotency-key', detail: expect.stringContaining('16 to 255') }]);
    expect(await countRows(api, 'buckets', { name })).toBe(0);
  });

  it('signing in takes no key: each time it makes a session', async () => {
    const init = { json: { email: client.email, password }, headers: { 'idempotency-key': randomUUID() } };
    const [first, second] = [
      await send(api, 'POST', '/v1/sessions', init),
      await send(api, 'POST', '/v1/sessions', init),
    ];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers.get('set-cookie')).not.toBe(first.headers.get('set-cookie'));
  });

  it('stores neither the key nor a secret nor anything of the answer in plain', async () => {
    const key = randomUUID();
    const [tokenName, email, secretPassword] = [newName(), newEmail(), `secret ${randomUUID()}`];
    const token = await create('/v1/access-tokens', { name: tokenName, scopes: ['read'] }, key);
    const invitation = await create('/v1/invitations', { email, role: 'member' }, key);
    const acceptance = { token: invitation.json.token as string, password: secretPassword };
    const accepted = await createAnonymously('/v1/invitations/accept', acceptance, key);
    expect([token.status, invitation.status, accepted.status]).toEqual([201, 201, 201]);
    const secrets = [key, token.json.token as string, invitation.json.token as string, secretPassword];
    for (const secret of secrets) expect(await findInDatabase(api, secret)).toEqual([]);
    // The search finds what is there: but no answer in plain.
    expect(await findInDatabase(api, tokenName)).toEqual(['access_tokens']);
    expect(await findInDatabase(api, email)).toEqual(['invitations', 'users']);
  });

  it('is documented where it is taken', async () => {
    const { json: document } = await send(api, 'GET', '/openapi.json');
    const taking = Object.entries(document.paths as Record<string, Record<string, { parameters: { name: string }[] }>>)
      .flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
      )
      .filter(({ operation }) => operation.parameters.some(({ name }) => name === 'Idempotency-Key'))
      .map(({ method, path }) => `${method} ${path}`);
    expect(taking.sort()).toEqual([
      'post /v1/access-tokens',
      'post /v1/accounts',
      'post /v1/buckets',
      'post /v1/invitations',
      'post /v1/invitations/accept',
    ]);
    const operation = document.paths['/v1/buckets'].post;
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['409', '422']));
    expect(operation.responses['201'].headers).toHaveProperty('Idempotency-Replayed');
  });
});

function newName(): string {
  return `name-${randomUUID()}`;
}

function newEmail(): string {
  return `${randomUUID()}@example.com`;
}
