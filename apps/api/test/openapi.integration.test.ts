import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemCatalog } from '../src/http/problem-catalog.ts';
import {
  exampleOf,
  fillPath,
  operationsOf,
  readDocument,
  type OpenApiDocument,
  type Operation,
} from './api-description.ts';
import { callWith, givenColleague, newEmail, signIn, type Browser } from './given-identity.ts';
import { givenAccount, givenBucket, password, send, type Client } from './given.ts';
import { ResponseChecker, type Call } from './response-checker.ts';
import { startApi, type RunningApi } from './start-api.ts';

let api: RunningApi;
let document: OpenApiDocument;
let operations: readonly Operation[];
let checker: ResponseChecker;
let owner: Client;
let browser: Browser;
let member: Browser;
let bucket: string;
/** As the owner, with a token; as the owner, with a cookie; as nobody. Each answer is compared with the document. */
let call: Call;
let browse: Call;
let anonymously: Call;

beforeAll(async () => {
  api = await startApi();
  document = await readDocument(api);
  operations = operationsOf(document);
  checker = new ResponseChecker(document, operations);
  owner = await givenAccount(api);
  browser = await signIn(api, owner.email);
  member = await givenColleague(api, owner, 'member');
  bucket = await givenBucket(owner, { publicRead: true });
  call = checker.wrap(callWith(api, owner.token));
  browse = checker.wrap(browser.call);
  anonymously = checker.wrap((method, path, init) => send(api, method, path, init));
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe('the document', () => {
  /** What `app.router` keeps; Express does not describe it. */
  interface Layer {
    readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
    readonly handle: { readonly stack?: readonly Layer[] };
  }

  function mounted(layers: readonly Layer[]): string[] {
    return layers.flatMap(({ route, handle }) => {
      if (route === undefined) return mounted(handle.stack ?? []);
      const methods = Object.keys(route.methods);
      // One that takes all methods refuses those that the others do not take.
      if (methods.length > 5) return [];
      return methods.map((method) => `${method} ${route.path.replaceAll(/[:*](\w+)/g, '{$1}')}`);
    });
  }

  it('has every route that is mounted, and no other', () => {
    const { stack } = api.app.router as unknown as { stack: readonly Layer[] };
    const ofTheDocument = [
      'get /openapi.json',
      'get /docs',
      'get /docs/favicon-32x32.png',
      'get /docs/start.js',
      'get /docs/swagger-ui-bundle.js',
      'get /docs/swagger-ui.css',
      'get /problems/{code}',
    ];
    const documented = operations
      .filter(({ method }) => method !== 'HEAD')
      .map(({ method, path }) => `${method.toLowerCase()} ${path}`);
    expect(mounted(stack).sort()).toEqual([...documented, ...ofTheDocument].sort());
    expect(documented.length).toBeGreaterThanOrEqual(30);
  });

  it('leads to a route with every path and method', async () => {
    const madeUp = {
      bucket: 'made-up-bucket',
      key: 'made/up',
      accountId: randomUUID(),
      userId: randomUUID(),
      sessionId: randomUUID(),
      tokenId: randomUUID(),
      invitationId: randomUUID(),
    };
    for (const { method, path, body, operationId } of operations) {
      const { status, json } = await anonymously(method, fillPath(path, madeUp), body && { json: exampleOf(body) });
      expect([operationId, status]).not.toEqual([operationId, 405]);
      expect([operationId, json?.type]).not.toEqual([operationId, '/problems/route-not-found']);
    }
  });

  it('names every operation once, and describes every parameter of its path', () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, pathParameters } of operations)
      expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()).toEqual([...pathParameters].sort());
  });

  it('names every problem that exists', () => {
    const named = operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap(({ description }) =>
        [...description.matchAll(/\(\/problems\/([\w-]+)\)/g)].map(([, code]) => code),
      ),
    );
    // The first two are answers to requests without an operation.
    const unnamed = new Set(['route-not-found', 'method-not-allowed']);
    expect([...new Set(named)].sort()).toEqual(
      Object.keys(problemCatalog)
        .filter((code) => !unnamed.has(code))
        .sort(),
    );
  });
});

describe('every operation answers as documented', () => {
  const objectPath = (key: string): string => `/v1/buckets/${bucket}/objects/${key}`;

  it('accounts, users and invitations', async () => {
    await anonymously('POST', '/v1/accounts', { json: { accountName: 'Other', email: newEmail(), password } });
    for (const method of ['GET', 'HEAD'])
      for (const path of [
        '/v1/account',
        '/v1/users',
        '/v1/users?limit=1',
        '/v1/users/me',
        `/v1/users/${owner.userId}`,
        '/v1/invitations',
      ])
        await call(method, path);
    const other = await givenColleague(api, owner, 'member');
    await call('PATCH', `/v1/users/${other.userId}`, { json: { role: 'admin' } });
    await call('DELETE', `/v1/users/${other.userId}`);
    const [used, withdrawn] = [
      await call('POST', '/v1/invitations', { json: { email: newEmail(), role: 'member' } }),
      await call('POST', '/v1/invitations', { json: { email: newEmail(), role: 'admin' } }),
    ];
    await call('GET', '/v1/invitations');
    await anonymously('POST', '/v1/invitations/accept', { json: { token: used.json.token, password } });
    await call('DELETE', `/v1/invitations/${withdrawn.json.id as string}`);
  });

  it('sessions, passwords and access tokens', async () => {
    const { email } = await givenColleague(api, owner, 'member');
    await anonymously('POST', '/v1/sessions', { json: { email, password } });
    const [first, second] = [await signIn(api, email), await signIn(api, email)];
    const asFirst = checker.wrap(first.call);
    for (const method of ['GET', 'HEAD']) await asFirst(method, '/v1/sessions');
    await asFirst('DELETE', `/v1/sessions/${second.sessionId}`);
    await asFirst('PUT', '/v1/users/me/password', { json: { currentPassword: password, newPassword: `${password}!` } });
    await asFirst('DELETE', '/v1/sessions/current');
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { json: token } = await call('POST', '/v1/access-tokens', {
      json: { name: 'a', scopes: ['read'], bucket, expiresAt },
    });
    for (const method of ['GET', 'HEAD']) await call(method, '/v1/access-tokens?all=true');
    await call('DELETE', `/v1/access-tokens/${token.id as string}`);
  });

  it('buckets and grants', async () => {
    const limits = { maxObjectBytes: 1000, contentTypes: ['image/*'], retentionDays: 1, publicRead: true };
    await call('POST', '/v1/buckets', {
      json: { name: 'documented', ...limits },
      headers: { 'idempotency-key': randomUUID() },
    });
    for (const method of ['GET', 'HEAD'])
      for (const path of ['/v1/buckets?limit=1', '/v1/buckets/documented']) await call(method, path);
    await call('PATCH', '/v1/buckets/documented', { json: { maxObjectBytes: null } });
    await call('PUT', `/v1/buckets/documented/grants/${member.userId}`, { json: { role: 'manager' } });
    for (const method of ['GET', 'HEAD']) await call(method, '/v1/buckets/documented/grants');
    await call('DELETE', `/v1/buckets/documented/grants/${member.userId}`);
    await call('DELETE', '/v1/buckets/documented?force=true');
  });

  it('objects', async () => {
    const headers = {
      'content-type': 'text/plain',
      'content-disposition': 'inline',
      'cache-control': 'no-store',
      'stowage-meta-a': '%C3%BC',
    };
    for (const content of ['first', 'second']) await call('PUT', objectPath('folder/a'), { body: content, headers });
    const conditions: Record<string, string>[] = [
      {},
      { range: 'bytes=0-1' },
      { range: 'bytes=0-0,2-2' },
      { 'if-none-match': '*' },
    ];
    for (const path of [objectPath('folder/a'), `/v1/public/${owner.accountId}/${bucket}/folder/a`])
      for (const method of ['GET', 'HEAD'])
        for (const extra of conditions) await call(method, path, { headers: extra });
    await call('PATCH', objectPath('folder/a'), { json: { contentDisposition: null, metadata: {} } });
    for (const method of ['GET', 'HEAD'])
      for (const query of ['', '?delimiter=/', '?order=newest&limit=1'])
        await call(method, `/v1/buckets/${bucket}/objects${query}`);
    await call('DELETE', objectPath('folder/a'));
    for (const method of ['GET', 'HEAD']) await call(method, '/health');
  });

  it('with nothing left out, and nothing that is not documented', () => {
    expect(checker.faults).toEqual([]);
    expect(
      operations.map(({ operationId }) => operationId).filter((operationId) => !checker.succeeded.has(operationId)),
    ).toEqual([]);
  });
});

describe('every problem is documented where it occurs', () => {
  const put = (key: string, body: string, headers: Record<string, string> = {}): ReturnType<Call> =>
    call('PUT', `/v1/buckets/${bucket}/objects/${key}`, { body, headers });
  const grant = (): string => `/v1/buckets/${bucket}/grants/${member.userId}`;

  const provocations: Readonly<Record<string, () => Promise<unknown>>> = {
    'invalid-request': () => call('GET', '/v1/buckets?limit=0'),
    'route-not-found': () => call('GET', '/v1/nothing'),
    'method-not-allowed': () => call('PUT', '/v1/buckets'),
    'body-too-large': () => call('POST', '/v1/buckets', { json: { name: 'x'.repeat(3_000_000) } }),
    'unsupported-media-type': () =>
      call('POST', '/v1/buckets', { body: '{}', headers: { 'content-type': 'text/plain' } }),
    unauthenticated: () => anonymously('GET', '/v1/buckets'),
    'origin-not-allowed': () =>
      browse('POST', '/v1/buckets', { json: { name: 'evil' }, headers: { origin: 'https://evil.example' } }),
    'insufficient-scope': async () => {
      const { json } = await call('POST', '/v1/access-tokens', { json: { name: 'a', scopes: ['read'] } });
      await checker.wrap(callWith(api, json.token as string))('POST', '/v1/buckets', { json: { name: 'unscoped' } });
    },
    'rate-limited': async () => {
      await using limited = await startApi({ beside: api, env: { REQUESTS_PER_MINUTE: '1' } });
      const limitedCall = checker.wrap(callWith(limited, owner.token));
      for (let count = 0; count < 3; count += 1) await limitedCall('GET', '/v1/account');
    },
    'sign-up-closed': async () => {
      await using closed = await startApi({ beside: api, env: { SIGN_UP_MODE: 'closed' } });
      await checker.wrap((...request) => send(closed, ...request))('POST', '/v1/accounts', {
        json: { accountName: 'A', email: newEmail(), password },
      });
    },
    'email-taken': () =>
      anonymously('POST', '/v1/accounts', { json: { accountName: 'A', email: owner.email, password } }),
    'invitation-not-found': () =>
      anonymously('POST', '/v1/invitations/accept', { json: { token: 'inv_none', password } }),
    'user-not-found': () => call('GET', `/v1/users/${randomUUID()}`),
    'user-forbidden': () => checker.wrap(member.call)('GET', '/v1/users'),
    'last-owner': () => call('DELETE', `/v1/users/${owner.userId}`),
    'wrong-password': () =>
      browse('PUT', '/v1/users/me/password', { json: { currentPassword: 'wrong', newPassword: password } }),
    'sign-in-failed': () => anonymously('POST', '/v1/sessions', { json: { email: owner.email, password: 'wrong' } }),
    'session-not-found': () => browse('DELETE', `/v1/sessions/${randomUUID()}`),
    'access-token-not-found': () => call('DELETE', `/v1/access-tokens/${randomUUID()}`),
    'bucket-not-found': () => call('GET', '/v1/buckets/missing'),
    'bucket-name-taken': () => call('POST', '/v1/buckets', { json: { name: bucket } }),
    'bucket-not-empty': async () => {
      await put('kept', 'content');
      await call('DELETE', `/v1/buckets/${bucket}`);
    },
    'bucket-forbidden': async () => {
      await call('PUT', grant(), { json: { role: 'reader' } });
      await checker.wrap(member.call)('PUT', `/v1/buckets/${bucket}/objects/a`, { body: 'x' });
    },
    'grant-not-found': () => call('DELETE', `/v1/buckets/${bucket}/grants/${randomUUID()}`),
    'object-not-found': () => call('GET', `/v1/buckets/${bucket}/objects/missing`),
    'precondition-failed': () => put('missing', 'x', { 'if-match': '*' }),
    'object-too-large': async () => {
      const small = await givenBucket(owner, { maxObjectBytes: 1 });
      await call('PUT', `/v1/buckets/${small}/objects/a`, { body: 'xx' });
    },
    'content-type-not-allowed': () => put('a', 'no picture', { 'content-type': 'image/png' }),
    'digest-mismatch': () => put('a', 'x', { 'content-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` }),
    'range-not-satisfiable': async () => {
      await put('short', 'x');
      await call('GET', `/v1/buckets/${bucket}/objects/short`, { headers: { range: 'bytes=5-' } });
    },
    'idempotency-key-reused': async () => {
      const headers = { 'idempotency-key': randomUUID() };
      for (const name of ['reused-1', 'reused-2']) await call('POST', '/v1/buckets', { json: { name }, headers });
    },
  };

  it.each(Object.keys(provocations))('%s', async (code) => {
    await provocations[code]?.();
    expect(checker.faults).toEqual([]);
    expect([...checker.codes]).toContain(code);
  });

  it('the rest needs faults, races or hours, and is provoked elsewhere', () => {
    const elsewhere = [
      'headers-too-large',
      'upload-too-slow',
      'overloaded',
      'unavailable',
      'internal-error',
      'idempotency-key-in-use',
      'too-many-grants',
      'size-mismatch',
      'upload-expired',
    ];
    expect([...Object.keys(provocations), ...elsewhere].sort()).toEqual(Object.keys(problemCatalog).sort());
  });
});

describe('the page of each problem', () => {
  it.each(Object.entries(problemCatalog))(
    '%s is served and in docs/problems',
    async (code, { title, status, detail }) => {
      const page = await send(api, 'GET', `/problems/${code}`);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
      for (const text of [title, String(status), detail]) expect(page.bytes.toString()).toContain(text);
      await access(join(__dirname, `../../../docs/problems/${code}.md`));
    },
  );
});
