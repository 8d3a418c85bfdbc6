import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseUnavailableError } from '@stowage/db';
import { givenAccount, password, send, type Answer, type Client } from './given.ts';
import type { KillPoint } from './kill-switch.ts';
import { givenInstallation, spawnApi, type ApiProcess, type Installation } from './spawn-api.ts';
import { startApi, type RunningApi } from './start-api.ts';
import { countRows, endLocks } from './table-contents.ts';

type Post = (path: string, json: unknown, key: string) => Promise<Answer>;

/** A request that creates, and how to tell what it made. */
interface Creation {
  readonly path: string;
  readonly json: unknown;
  /** How many of what it makes there are. */
  readonly count: () => Promise<number>;
  /** Status of using what was answered. */
  readonly use?: (answer: Answer) => Promise<number>;
}

const inviting = { name: 'an invitation', path: '/v1/invitations' };

describe('kill -9 of the API between an effect and the record of its answer', () => {
  let installation: Installation;
  let api: ApiProcess;
  let client: Client;

  beforeAll(async () => {
    installation = await givenInstallation();
    api = await spawnApi(installation);
    client = await givenAccount(api);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await installation[Symbol.asyncDispose]();
  });

  /** To the process that runs now. */
  const post: Post = (path, json, key) =>
    send(api, 'POST', path, { json, headers: { authorization: `Bearer ${client.token}`, 'idempotency-key': key } });

  const accept = async (answer: Answer): Promise<number> =>
    (await post('/v1/invitations/accept', { token: answer.json.token as string, password }, randomUUID())).status;

  const creations: Readonly<Record<string, () => Promise<Creation>>> = {
    'a bucket': async () => {
      const name = `name-${randomUUID()}`;
      return { path: '/v1/buckets', json: { name }, count: () => countRows(installation, 'buckets', { name }) };
    },
    'an access token': async () => {
      const name = randomUUID();
      return {
        path: '/v1/access-tokens',
        json: { name, scopes: ['read'] },
        count: () => countRows(installation, 'access_tokens', { name }),
        use: async ({ json }) =>
          (await send(api, 'GET', '/v1/account', { headers: { authorization: `Bearer ${json.token as string}` } }))
            .status,
      };
    },
    [inviting.name]: async () => {
      const email = newEmail();
      const count = (): Promise<number> => countRows(installation, 'invitations', { email });
      return { path: inviting.path, json: { email, role: 'member' }, count, use: accept };
    },
    'an invited user': async () => {
      const email = newEmail();
      const { json } = await post(inviting.path, { email, role: 'member' }, randomUUID());
      const count = (): Promise<number> => countRows(installation, 'users', { email });
      const acceptance = { token: json.token as string, password };
      return { path: '/v1/invitations/accept', json: acceptance, count, use: () => signIn(email) };
    },
    'an account': async () => {
      const email = newEmail();
      const accountName = randomUUID();
      const count = (): Promise<number> => countRows(installation, 'accounts', { name: accountName });
      return { path: '/v1/accounts', json: { accountName, email, password }, count, use: () => signIn(email) };
    },
  };

  const signIn = async (email: string): Promise<number> =>
    (await send(api, 'POST', '/v1/sessions', { json: { email, password } })).status;

  async function killDuring(point: KillPoint, { path, json }: Creation, key: string): Promise<void> {
    await api.killAt(point);
    await expect(post(path, json, key)).rejects.toThrow();
    expect((await api.exited).signal).toBe('SIGKILL');
    api = await spawnApi(installation);
  }

  it.each(Object.keys(creations))('before it: %s is made once, and the same request answers 201', async (name) => {
    const creation = await creations[name]?.();
    if (creation === undefined) throw new Error('There is no such creation');
    const key = randomUUID();
    await killDuring('before-record', creation, key);
    expect(await creation.count()).toBe(1); // made, though nobody was told

    const early = await post(creation.path, creation.json, key);
    expect([early.status, early.json.type]).toEqual([409, '/problems/idempotency-key-in-use']);
    expect(await endLocks(installation)).toBe(1);
    const created = await post(creation.path, creation.json, key);
    expect([created.status, created.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect(await creation.count()).toBe(1);
    const again = await post(creation.path, creation.json, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.json).toEqual(created.json);
    if (creation.use !== undefined) expect([200, 201]).toContain(await creation.use(again));
  });

  it.each(['a bucket', 'an access token'])('after it: %s is made once, and the answer is there', async (name) => {
    const creation = await creations[name]?.();
    if (creation === undefined) throw new Error('There is no such creation');
    const key = randomUUID();
    await killDuring('after-record', creation, key);
    const again = await post(creation.path, creation.json, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(await creation.count()).toBe(1);
    if (creation.use !== undefined) expect(await creation.use(again)).toBe(200);
  });
});

describe('an answer that cannot be recorded', () => {
  let api: RunningApi;
  let faulty: RunningApi;
  let client: Client;
  /** What happens in the faulty process instead of the record. */
  let insteadOfRecord: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    api = await startApi();
    faulty = await startApi({
      beside: api,
      wrap: {
        idempotencyKeys: (keys) => ({
          claim: (claim) => keys.claim(claim),
          release: (holder) => keys.release(holder),
          finish: async (holder, answer) => {
            await insteadOfRecord();
            return keys.finish(holder, answer);
          },
        }),
      },
    });
    client = await givenAccount(api);
  });
  afterAll(async () => {
    await faulty[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  const postTo =
    (to: RunningApi): Post =>
    (path, json, key) =>
      send(to, 'POST', path, { json, headers: { authorization: `Bearer ${client.token}`, 'idempotency-key': key } });

  const failRecord = (): void => {
    insteadOfRecord = () => Promise.reject(new DatabaseUnavailableError('connection-lost'));
  };

  it('503: is not told; the same request finds what was made', async () => {
    failRecord();
    const [name, key] = [`name-${randomUUID()}`, randomUUID()];
    const refused = await postTo(faulty)('/v1/buckets', { name }, key);
    expect([refused.status, refused.json.type]).toEqual([503, '/problems/unavailable']);
    expect(refused.headers.get('location')).toBeNull();
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(await countRows(api, 'buckets', { name })).toBe(1);
    await endLocks(api);
    expect((await postTo(api)('/v1/buckets', { name }, key)).status).toBe(201);
    expect(await countRows(api, 'buckets', { name })).toBe(1);
    expect((await client.call('GET', `/v1/buckets/${name}`)).status).toBe(200);
  });

  it('404: the bucket was deleted before the request came again; it is not made anew', async () => {
    failRecord();
    const [name, key] = [`name-${randomUUID()}`, randomUUID()];
    await postTo(faulty)('/v1/buckets', { name }, key);
    expect((await client.call('DELETE', `/v1/buckets/${name}`)).status).toBe(204);
    await endLocks(api);
    expect((await postTo(api)('/v1/buckets', { name }, key)).json.type).toBe('/problems/bucket-not-found');
    expect((await client.call('GET', `/v1/buckets/${name}`)).status).toBe(404);
  });

  it('one token when the first process was taken for dead and goes on; the answer that counts is the second', async () => {
    const [reached, goOn] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    insteadOfRecord = async () => {
      reached.resolve(undefined);
      await goOn.promise;
    };
    const [name, key] = [randomUUID(), randomUUID()];
    const wanted = { name, scopes: ['read'] };
    const slow = postTo(faulty)('/v1/access-tokens', wanted, key);
    await reached.promise;
    await endLocks(api);
    const second = await postTo(api)('/v1/access-tokens', wanted, key);
    goOn.resolve(undefined);
    const first = await slow;
    expect([first.status, second.status]).toEqual([409, 201]);
    expect(first.json.type).toBe('/problems/idempotency-key-in-use');
    expect(await countRows(api, 'access_tokens', { name })).toBe(1);
    const authorization = `Bearer ${second.json.token as string}`;
    expect((await send(api, 'GET', '/v1/account', { headers: { authorization } })).status).toBe(200);
    expect((await postTo(api)('/v1/access-tokens', wanted, key)).json).toEqual(second.json);
  });
});

function newEmail(): string {
  return `${randomUUID()}@example.com`;
}
