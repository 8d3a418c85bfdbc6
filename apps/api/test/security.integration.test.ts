import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { captureLogs } from '@stowage/observability/testing';
import { givenColleague, signIn, type Browser } from './given-identity.ts';
import { givenAccount, givenBucket, givenObject, send, type Client } from './given.ts';
import { startApi, type RunningApi } from './start-api.ts';

const page = 'https://app.example.com';
const strangers = [
  'https://evil.example',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://app.example.com.evil.example',
  'https://evil-app.example.com',
  'https://sub.app.example.com',
  'null',
  'nonsense',
];

describe('every answer', () => {
  let api: RunningApi;
  let client: Client;
  let bucket: string;

  beforeAll(async () => {
    api = await startApi();
    client = await givenAccount(api);
    bucket = await givenBucket(client);
    await givenObject(client, bucket, 'a');
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it.each([
    '/health',
    '/v1/account',
    '/v1/buckets/missing',
    '/nothing',
    '/v1/users/x',
    '/docs',
    '/openapi.json',
    '/problems/unavailable',
    'an object',
  ])('of %s tells browsers to keep to it', async (path) => {
    const { headers } = await client.call('GET', path === 'an object' ? `/v1/buckets/${bucket}/objects/a` : path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
    expect(headers.get('content-security-policy')).toMatch(/^default-src '(self|none)'/);
    expect(headers.get('x-request-id')).toMatch(/^[\w-]+$/);
    for (const name of ['x-powered-by', 'server', 'access-control-allow-origin']) expect(headers.get(name)).toBeNull();
  });

  it('in JSON is not cached', async () => {
    const answers = await Promise.all(
      ['/health', '/v1/account', '/v1/buckets', `/v1/buckets/${bucket}/objects`].map((path) =>
        client.call('GET', path),
      ),
    );
    for (const { status, headers } of answers)
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it('of a secret is not cached', async () => {
    const answers = [
      await send(api, 'POST', '/v1/sessions', {
        json: { email: client.email, password: 'correct horse battery staple' },
      }),
      await client.call('POST', '/v1/access-tokens', { json: { name: 'a', scopes: ['read'] } }),
      await client.call('POST', '/v1/invitations', { json: { email: 'x@example.com', role: 'member' } }),
    ];
    for (const { status, headers } of answers)
      expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
  });

  it('204 with Allow: OPTIONS of every path, without a word to other origins', async () => {
    const answer = await send(api, 'OPTIONS', '/v1/buckets/a', {
      headers: { origin: page, 'access-control-request-method': 'DELETE' },
    });
    expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'GET, HEAD, PATCH, DELETE']);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a page of another origin', () => {
  let api: RunningApi;
  let client: Client;
  let browser: Browser;

  beforeAll(async () => {
    api = await startApi({
      env: { CORS_ORIGINS: `${page},https://other.example`, PUBLIC_URL: 'https://files.example.com' },
    });
    client = await givenAccount(api);
    browser = await signIn(api, client.email);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const from =
    (origin: string): Browser['call'] =>
    (method, path, init = {}) =>
      browser.call(method, path, { ...init, headers: { origin, ...init.headers } });

  it('may read with credentials when it is allowed, errors too', async () => {
    for (const path of ['/v1/account', '/v1/buckets/missing']) {
      const { headers } = await from(page)('GET', path);
      expect([headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')]).toEqual([
        page,
        'true',
      ]);
      expect(headers.get('vary')).toContain('Origin');
      expect(headers.get('access-control-expose-headers')).toContain('ETag');
    }
  });

  it.each(strangers)('may not read when it is %s', async (origin) => {
    const answers = [
      await from(origin)('GET', '/v1/account'),
      await from(origin)('OPTIONS', '/v1/account', { headers: { 'access-control-request-method': 'GET' } }),
    ];
    for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(answers[0]?.headers.get('vary')).toContain('Origin');
  });

  it('may read every header of an object, those of its metadata too', async () => {
    const bucket = await givenBucket(client);
    const path = `/v1/buckets/${bucket}/objects/a`;
    await client.call('PUT', path, { body: 'content', headers: { 'stowage-meta-one': '1', 'stowage-meta-two': '2' } });
    const { headers } = await from(page)('GET', path, { headers: { range: 'bytes=0-1' } });
    // Any page may read these (Fetch Standard, CORS-safelisted response-header name).
    const safelisted = [
      'cache-control',
      'content-language',
      'content-length',
      'content-type',
      'expires',
      'last-modified',
    ];
    const exposed = (headers.get('access-control-expose-headers') ?? '').toLowerCase().split(/, */);
    const ofTheBrowser =
      /^(access-control-|content-security-policy|cross-origin-|origin-agent-cluster|referrer-policy|strict-transport-security|vary|x-content-type-options|x-frame-options|date|connection|keep-alive)/;
    const hidden = [...headers.keys()].filter(
      (name) => !ofTheBrowser.test(name) && !safelisted.includes(name) && !exposed.includes(name),
    );
    expect(hidden).toEqual([]);
    expect(exposed).toEqual(expect.arrayContaining(['stowage-meta-one', 'stowage-meta-two', 'content-range']));
  });

  it('204: its preflight, for the methods and headers of the API', async () => {
    const headers = {
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'if-match,content-digest,stowage-meta-a',
    };
    const answer = await send(api, 'OPTIONS', '/v1/buckets/a/objects/b', { headers: { origin: page, ...headers } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, page]);
    expect(answer.headers.get('allow')).toBe('PUT, GET, HEAD, PATCH, DELETE');
    expect(answer.headers.get('access-control-allow-methods')?.split(',')).toEqual(
      expect.arrayContaining(['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE']),
    );
    expect(answer.headers.get('access-control-allow-headers')).toBe(headers['access-control-request-headers']);
  });

  it('may write with a cookie when it is allowed or the API itself', async () => {
    for (const origin of [page, 'https://other.example', 'https://files.example.com']) {
      expect(
        (await from(origin)('POST', '/v1/buckets', { json: { name: `b-${randomUUID().slice(0, 8)}` } })).status,
      ).toBe(201);
    }
    expect(
      (await browser.call('POST', '/v1/buckets', { json: { name: `b-${randomUUID().slice(0, 8)}` } })).status,
    ).toBe(201);
  });

  it.each([...strangers, 'https://files.example.com.evil.example'])(
    '403: may not write with a cookie when it is %s',
    async (origin) => {
      const name = `b-${randomUUID().slice(0, 8)}`;
      for (const [method, path] of [
        ['POST', '/v1/buckets'],
        ['DELETE', '/v1/sessions/current'],
        ['PUT', '/v1/users/me/password'],
      ] as const) {
        const { status, json } = await from(origin)(method, path, { json: { name } });
        expect([method, status, json.type]).toEqual([method, 403, '/problems/origin-not-allowed']);
      }
      expect((await browser.call('GET', `/v1/buckets/${name}`)).status).toBe(404);
    },
  );

  it('may write with an access token, which no browser sends by itself', async () => {
    const { status } = await client.call('POST', '/v1/buckets', {
      json: { name: `b-${randomUUID().slice(0, 8)}` },
      headers: { origin: 'https://evil.example' },
    });
    expect(status).toBe(201);
  });
});

describe('an API that knows no origins', () => {
  it('lets its own pages write with a cookie, and no others', async () => {
    await using api = await startApi();
    const { email } = await givenAccount(api);
    const { call } = await signIn(api, email);
    const statusFrom = async (origin: string): Promise<number> =>
      (await call('POST', '/v1/buckets', { json: { name: `b-${randomUUID().slice(0, 8)}` }, headers: { origin } }))
        .status;
    expect(await statusFrom(api.url)).toBe(201);
    const { port } = new URL(api.url);
    for (const origin of [page, 'null', 'http://127.0.0.1:1', `http://localhost:${port}`, `${api.url}.evil.example`])
      expect([origin, await statusFrom(origin)]).toEqual([origin, 403]);
  });
});

describe('the log', () => {
  it('has a line for each request, and no secret, e-mail address, key, name or content in any', async () => {
    const logs = captureLogs({ level: 'debug' });
    const failing = new Set<string>();
    await using api = await startApi({
      log: logs.logger,
      env: { LOG_LEVEL: 'debug' },
      wrap: {
        objects: (objects) => {
          const find = objects.findWithBucket.bind(objects);
          objects.findWithBucket = async (accountId, bucketName, key) => {
            if (failing.has(key)) throw new Error('The database gave nonsense');
            return find(accountId, bucketName, key);
          };
          return objects;
        },
      },
    });
    const client = await givenAccount(api);
    const browser = await signIn(api, client.email);
    const colleague = await givenColleague(api, client, 'member');
    const bucket = await givenBucket(client);
    const secrets = {
      key: 'planted-key', fileName: 'planted-file-name.txt', metadata: 'planted-metadata', content: 'planted-content', prefix: 'planted-prefix',
      wrongPassword: 'planted-password', wrongToken: 'stw_planted-token', wrongCookie: 'planted-cookie', header: 'planted-header', failing: 'planted-failing',
    }; // prettier-ignore
    failing.add(secrets.failing);
    const object = `/v1/buckets/${bucket}/objects/${secrets.key}`;

    const invited = await client.call('POST', '/v1/invitations', {
      json: { email: 'planted@example.com', role: 'member' },
    });
    const headers = {
      'content-disposition': `attachment; filename="${secrets.fileName}"`,
      'stowage-meta-a': secrets.metadata,
      referer: `https://x/?${secrets.header}`,
    };
    await client.call('PUT', object, { body: secrets.content, headers });
    await client.call('GET', `${object}?unknown=${secrets.header}`);
    for (const method of ['GET', 'PATCH', 'POST', 'DELETE'])
      await client.call(method, object, method === 'PATCH' ? { json: { cacheControl: secrets.header } } : {});
    await client.call('PUT', `${object}/..%2f${secrets.key}`, { body: secrets.content });
    await client.call('GET', `/v1/buckets/${bucket}/objects?prefix=${secrets.prefix}&cursor=${secrets.header}`);
    await send(api, 'POST', '/v1/sessions', { json: { email: client.email, password: secrets.wrongPassword } });
    await send(api, 'POST', '/v1/sessions', {
      body: `{"password":"${secrets.wrongPassword}"`,
      headers: { 'content-type': 'application/json' },
    });
    await send(api, 'GET', '/v1/account', {
      headers: { authorization: `Bearer ${secrets.wrongToken}`, 'x-planted': secrets.header },
    });
    await send(api, 'GET', `/v1/account?access_token=${secrets.wrongToken}`, {
      headers: { cookie: `stowage_session=${secrets.wrongCookie}` },
    });
    const failed = await client.call('GET', `/v1/buckets/${bucket}/objects/${secrets.failing}`);

    expect([failed.status, failed.bytes.toString()]).toEqual([500, expect.not.stringContaining('nonsense')]);
    await browser.call('GET', '/health'); // the lines of what was answered before are written by now
    const lines = logs.lines.map((line) => JSON.stringify(line));
    expect(lines.filter((line) => line.includes('"request"')).length).toBeGreaterThanOrEqual(20);
    expect(logs.withMessage('request failed')).toHaveLength(1);
    const [, cookie = ''] = browser.cookie.split('=');
    const planted = [
      ...Object.values(secrets),
      client.token,
      cookie,
      colleague.cookie,
      client.email,
      colleague.email,
      invited.json.token as string,
      'correct horse',
      'planted@',
    ];
    expect(
      planted.filter((secret) =>
        lines.some((line) => line.includes(secret) || line.includes(encodeURIComponent(secret))),
      ),
    ).toEqual([]);
  });
});
