import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleOf, fillPath, operationsOf, readDocument, type Operation } from './api-description.ts';
import { callWith, givenColleague, signIn, type Browser } from './given-identity.ts';
import { givenAccount, givenBucket, givenObject, send, type Answer, type Client } from './given.ts';
import { startApi, type RunningApi } from './start-api.ts';

type Names = Readonly<Record<string, string>>;
type Call = Client['call'];

let api: RunningApi;
/** The owner whose things others try to reach. */
let owner: Client;
let member: Browser;
/** A value for every parameter that names a thing, and a made-up one of the same form. */
let names: Names;
const madeUp: Names = {
  bucket: 'bucket-made-up-0000',
  key: 'made/up',
  accountId: randomUUID(),
  userId: randomUUID(),
  sessionId: randomUUID(),
  tokenId: randomUUID(),
  invitationId: randomUUID(),
  versionId: randomUUID(),
};
let operations: readonly Operation[];

beforeAll(async () => {
  api = await startApi();
  owner = await givenAccount(api);
  member = await givenColleague(api, owner, 'member');
  names = await givenThings();
  operations = operationsOf(await readDocument(api));
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function givenThings(): Promise<Names> {
  const bucket = await givenBucket(owner);
  const key = 'folder/secret.txt';
  const { json: old } = await givenObject(owner, bucket, key, 'old secret');
  await givenObject(owner, bucket, key, 'secret');
  await owner.call('PUT', `/v1/buckets/${bucket}/grants/${member.userId}`, { json: { role: 'reader' } });
  const { sessionId } = await signIn(api, owner.email);
  const token = await owner.call('POST', '/v1/access-tokens', { json: { name: 'other', scopes: ['read'] } });
  const invitation = await owner.call('POST', '/v1/invitations', {
    json: { email: `${randomUUID()}@example.com`, role: 'member' },
  });
  return {
    ...{ bucket, key, sessionId, accountId: owner.accountId, userId: member.userId },
    tokenId: token.json.id as string,
    invitationId: invitation.json.id as string,
    versionId: old.versionId as string,
  };
}

/** Operations that name things in their path, each also with every id it takes in the query. */
function requestsWith(values: Names): readonly { title: string; operation: Operation; path: string }[] {
  return operations
    .filter(({ pathParameters }) => pathParameters.length > 0)
    .flatMap((operation) => {
      const path = fillPath(operation.path, values);
      const ids = operation.queryParameters.filter(({ schema }) => schema.format === 'uuid').map(({ name }) => name);
      const queries = ids.map((name) => `?${name}=${fillPath(`{${name}}`, values)}`);
      return ['', ...queries].map((query) => ({
        title: `${operation.operationId}${query && ' by id'}`,
        operation,
        path: path + query,
      }));
    });
}

async function perform(call: Call, { method, body, takesBytes }: Operation, path: string): Promise<Answer> {
  return call(method, path, { ...(body && { json: exampleOf(body) }), ...(takesBytes && { body: 'content' }) });
}

/** All of an answer but what differs from request to request. */
function comparable({ status, headers, bytes }: Answer): object {
  const lasting = [...headers].filter(([name]) => !['date', 'x-request-id', 'connection', 'keep-alive'].includes(name));
  return {
    status,
    headers: lasting,
    body: bytes.toString().replace(/"instance":"\/requests\/[\w-]+"/, '"instance":""'),
  };
}

/** Performs every operation twice, with the owner's names and with made-up ones, and compares. */
async function expectNoDifference(call: Call): Promise<Map<string, number>> {
  const statuses = new Map<string, number>();
  const real = requestsWith(names);
  const imagined = requestsWith(madeUp);
  for (const [index, { title, operation, path }] of real.entries()) {
    const answers = [await perform(call, operation, path), await perform(call, operation, imagined[index]?.path ?? '')];
    const [found, missing] = answers.map(comparable);
    expect([title, found]).toEqual([title, missing]);
    statuses.set(title, answers[0]?.status ?? 0);
  }
  return statuses;
}

/** What the owner sees of its account. */
async function everythingOf(client: Client): Promise<readonly unknown[]> {
  const paths = [
    '/v1/account',
    '/v1/users',
    '/v1/sessions',
    '/v1/access-tokens?all=true',
    '/v1/invitations',
    '/v1/buckets',
  ];
  const { bucket = '' } = names;
  const inBucket = ['', '/grants', '/objects', `/objects/${encodeURIComponent(names.key ?? '')}`].map(
    (path) => `/v1/buckets/${bucket}${path}`,
  );
  const answers = await Promise.all([...paths, ...inBucket].map((path) => client.call('GET', path)));
  return answers.map(({ status, json, bytes }) => [status, json ?? bytes.toString()]);
}

describe('what another account has', () => {
  let stranger: Client;
  let before: readonly unknown[];

  beforeAll(async () => {
    stranger = await givenAccount(api);
    before = await everythingOf(owner);
  });
  afterAll(async () => {
    expect(await everythingOf(owner)).toEqual(before);
  });

  it.each(['access token', 'session'])(
    '404: every operation on it answers as if it did not exist, with an %s',
    async (credential) => {
      const call = credential === 'session' ? (await signIn(api, stranger.email)).call : callWith(api, stranger.token);
      const statuses = await expectNoDifference(call);
      expect([...statuses].filter(([, status]) => status !== 404)).toEqual([]);
      expect(statuses.size).toBeGreaterThanOrEqual(20);
    },
  );

  it('nor does a bucket of the same name with the same key show its versions', async () => {
    const { bucket = '', key = '', versionId = '' } = names;
    await stranger.call('POST', '/v1/buckets', { json: { name: bucket } });
    await givenObject(stranger, bucket, key, 'mine');
    const path = `/v1/buckets/${bucket}/objects/${key}`;
    expect((await stranger.call('GET', path)).bytes.toString()).toBe('mine');
    const versions = await Promise.all(
      [versionId, madeUp.versionId ?? ''].map((id) => stranger.call('GET', `${path}?versionId=${id}`)),
    );
    expect(versions.map(({ status }) => status)).toEqual([404, 404]);
    const [found, missing] = versions.map(comparable);
    expect(found).toEqual(missing);
    // If-Match with the other's version is as good as with any other text.
    const matched = await stranger.call('PUT', path, { body: 'x', headers: { 'if-match': `"${versionId}"` } });
    expect(matched.status).toBe(412);
    await stranger.call('DELETE', `/v1/buckets/${bucket}?force=true`);
  });

  it('neither do fields of a body that name things', async () => {
    const own = await givenBucket(stranger);
    const named = async (values: Names): Promise<readonly object[]> => [
      comparable(
        await stranger.call('POST', '/v1/access-tokens', {
          json: { name: 'a', scopes: ['read'], bucket: values.bucket },
        }),
      ),
      comparable(
        await stranger.call('PUT', `/v1/buckets/${own}/grants/${values.userId ?? ''}`, { json: { role: 'reader' } }),
      ),
      comparable(await stranger.call('DELETE', `/v1/buckets/${own}/grants/${values.userId ?? ''}`)),
    ];
    const answers = await named(names);
    expect(answers).toEqual(await named(madeUp));
    expect(answers.map((answer) => (answer as { status: number }).status)).toEqual([404, 404, 404]);
  });

  it('all fields that name things are tried above', () => {
    const naming = operations.flatMap(({ operationId, body }) =>
      Object.entries(body?.properties ?? {})
        .filter(([name, { format }]) => format === 'uuid' || /bucket|object|key|Id$/i.test(name))
        .map(([name]) => `${operationId}.${name}`),
    );
    // The limits of a bucket name no thing.
    expect(naming.filter((name) => !name.endsWith('.maxObjectBytes'))).toEqual(['createAccessToken.bucket']);
  });

  it('nor does a key for repetition that the other used', async () => {
    const create = ({ token }: Client): Promise<Answer> =>
      callWith(api, token)('POST', '/v1/buckets', {
        json: { name: 'repeated' },
        headers: { 'idempotency-key': 'the-same-key-of-both' },
      });
    const [first, second] = [await create(owner), await create(stranger)];
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 201, null]);
    expect(second.json.id).not.toBe(first.json.id);
    expect((await create(owner)).headers.get('idempotency-replayed')).toBe('true');
    await owner.call('DELETE', '/v1/buckets/repeated');
  });

  it('cursors and lists show nothing of it', async () => {
    const lists = operations.filter(
      ({ method, pathParameters, queryParameters }) =>
        method === 'GET' && pathParameters.length === 0 && queryParameters.some(({ name }) => name === 'cursor'),
    );
    expect(lists.length).toBeGreaterThanOrEqual(5);
    const ids = [...Object.values(names), owner.userId, owner.email, 'secret'];
    for (const { path } of lists) {
      const own = await owner.call('GET', `${path}?limit=1`);
      const cursor = own.json.nextCursor === undefined ? '' : `&cursor=${own.json.nextCursor as string}`;
      const seen = await stranger.call('GET', `${path}?limit=100${cursor}`);
      expect(seen.status).toBe(200);
      expect(ids.filter((id) => seen.bytes.includes(id))).toEqual([]);
    }
  });
});

describe('who is not signed in', () => {
  it('401, or 404 where everybody may ask, whatever it names', async () => {
    const statuses = await expectNoDifference((method, path, init) => send(api, method, path, init));
    const anonymous = new Map(requestsWith(names).map(({ title, operation }) => [title, operation.isAnonymous]));
    for (const [title, status] of statuses)
      expect([title, status]).toEqual([title, anonymous.get(title) === true ? 404 : 401]);
  });
});

describe('a member without a grant', () => {
  it('404: neither the bucket nor other users and what they have can be told from nothing', async () => {
    const other = await givenColleague(api, owner, 'member');
    const statuses = await expectNoDifference(other.call);
    expect([...statuses].filter(([, status]) => status !== 404)).toEqual([]);
    expect((await other.call('GET', '/v1/buckets')).json).toEqual({ items: [] });
    const named = await Promise.all(
      [names, madeUp].map(({ bucket }) =>
        other.call('POST', '/v1/access-tokens', { json: { name: 'a', scopes: ['read'], bucket } }),
      ),
    );
    const [found, missing] = named.map(comparable);
    expect(found).toEqual(missing);
  });
});

describe('an access token of another bucket', () => {
  it('404 or 403, the same for the existing and the missing', async () => {
    const bucket = await givenBucket(owner);
    const { json } = await owner.call('POST', '/v1/access-tokens', {
      json: { name: 'bound', scopes: ['admin'], bucket },
    });
    const call = callWith(api, json.token as string);
    const statuses = await expectNoDifference(call);
    for (const [title, status] of statuses)
      expect([title, status]).toEqual([title, title === 'endSession' ? 403 : 404]);
    expect((await call('GET', '/v1/buckets')).json.items.map(({ name }: { name: string }) => name)).toEqual([bucket]);
    expect((await call('GET', '/v1/buckets?limit=1')).json).not.toHaveProperty('nextCursor');
  });
});

describe('the owner itself', () => {
  /** Reading before changing before deleting, and what is in a bucket before the bucket. */
  function inOrder(operation: Operation): number {
    const step = ['HEAD', 'GET', 'PUT', 'PATCH', 'DELETE'].indexOf(operation.method);
    return step * 100 - operation.path.length;
  }

  it('succeeds with every operation and the same names: they do exist', async () => {
    await owner.call('PATCH', `/v1/buckets/${names.bucket ?? ''}`, { json: { publicRead: true } });
    // A session belongs to a user: this one ends its own.
    const { call } = await signIn(api, owner.email);
    const requests = [...requestsWith(names)].sort((a, b) => inOrder(a.operation) - inOrder(b.operation));
    const failed: string[] = [];
    for (const { title, operation, path } of requests) {
      const { status } = await perform(call, operation, path);
      if (status >= 300) failed.push(`${title}: ${status}`);
    }
    expect(failed).toEqual([]);
  });
});
