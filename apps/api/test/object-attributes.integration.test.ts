import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenAccount, givenBucket, givenObject, type Answer, type Client } from './given.ts';
import { HttpExchange } from './http-exchange.ts';
import { startApi, type RunningApi } from './start-api.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
);

let api: RunningApi;
let client: Client;
let bucket: string;

beforeAll(async () => {
  api = await startApi();
  client = await givenAccount(api);
  bucket = await givenBucket(client);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const pathOf = (key: string): string => `/v1/buckets/${bucket}/objects/${encodeURIComponent(key)}`;

interface Upload {
  readonly key?: string;
  readonly body?: string | Buffer;
}

async function stored(
  headers: Record<string, string>,
  { key = randomUUID(), body = 'content' }: Upload = {},
): Promise<Answer> {
  const put = await client.call('PUT', pathOf(key), { body, headers });
  return put.status >= 300 ? put : client.call('GET', pathOf(key));
}

describe('how a browser is told to treat the content', () => {
  it.each([
    ['text/html', 'attachment'],
    ['text/html; charset=utf-8', 'attachment'],
    ['image/svg+xml', 'attachment'],
    ['application/xhtml+xml', 'attachment'],
    ['text/javascript', 'attachment'],
    ['application/octet-stream', 'attachment'],
    ['text/plain', 'inline'],
    ['TEXT/PLAIN; charset=utf-8', 'inline'],
    ['image/png', 'inline'],
  ])('%s is %s', async (type, disposition) => {
    const key = `folder/${randomUUID()}.bin`;
    const { headers } = await stored({ 'content-type': type }, { key, body: type === 'image/png' ? png : '<script>' });
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-disposition')).toBe(`${disposition}; filename="${key.slice(7)}"`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  });

  it('the client may ask for a download, and for another name, but not to show what could run', async () => {
    const download = await stored(
      { 'content-type': 'image/png', 'content-disposition': 'attachment; filename="a b.png"' },
      { body: png },
    );
    expect(download.headers.get('content-disposition')).toBe('attachment; filename="a b.png"');
    const shown = await stored({
      'content-type': 'text/html',
      'content-disposition': "inline; filename*=UTF-8''%F0%9F%9A%A2.html",
    });
    expect(shown.headers.get('content-disposition')).toBe(
      `attachment; filename="?.html"; filename*=UTF-8''%F0%9F%9A%A2.html`,
    );
  });

  it('names of every kind are quoted', async () => {
    for (const key of ['quote".txt', 'back\\slash.txt', 'naïve Grüße.txt', 'folder/', '%41;.txt']) {
      const { headers, status } = await stored({ 'content-type': 'x/y' }, { key });
      expect(status).toBe(200);
      expect(headers.get('content-disposition')).toMatch(
        /^attachment; filename="(?:[ !#-[\]-~]|\\.)*"(?:; filename\*=UTF-8''[\w%!#$&+.^`|~-]+)?$/,
      );
    }
  });
});

describe('metadata', () => {
  it('comes back as it was sent, non-ASCII percent-encoded', async () => {
    const { headers } = await stored({
      'stowage-meta-city': 'M%C3%BCnchen',
      'Stowage-Meta-Ship': '%F0%9F%9A%A2 50%25',
      'stowage-meta-empty': '',
    });
    expect([
      headers.get('stowage-meta-city'),
      headers.get('stowage-meta-ship'),
      headers.get('stowage-meta-empty'),
    ]).toEqual(['M%C3%BCnchen', '%F0%9F%9A%A2%2050%25', '']);
    const listed = await client.call('GET', `/v1/buckets/${bucket}/objects?order=newest&limit=1`);
    expect(listed.json.items[0].metadata).toEqual({ city: 'München', ship: '🚢 50%', empty: '' });
  });

  it.each([
    ['bytes of UTF-8 as they are', { 'stowage-meta-a': Buffer.from('Zoë').toString('latin1') }, 'stowage-meta-a'],
    ['no UTF-8', { 'stowage-meta-a': '%ff' }, 'stowage-meta-a'],
    ['no percent-encoding', { 'stowage-meta-a': '100%' }, 'stowage-meta-a'],
    ['a control character', { 'stowage-meta-a': '%0d%0aSet-Cookie: a=b' }, 'stowage-meta-a'],
    ['an ill name', { 'stowage-meta-a_b': 'x' }, 'stowage-meta-a_b'],
    ['no name', { 'stowage-meta-': 'x' }, 'stowage-meta-'],
    ['too much', { 'stowage-meta-a': 'x'.repeat(8192) }, 'stowage-meta-*'],
    ['too many', Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`stowage-meta-${i}`, ''])), 'stowage-meta-*'],
    ['an ill type', { 'content-type': 'text' }, 'content-type'],
    ['an ill disposition', { 'content-disposition': 'form-data; name="a"' }, 'content-disposition'],
    ['a non-ASCII cache control', { 'cache-control': 'ü' }, 'cache-control'],
  ])('400: %s', async (_title, headers, header) => {
    const answer = await stored(headers);
    expect([answer.status, answer.json.type]).toEqual([400, '/problems/invalid-request']);
    expect(answer.json.errors).toEqual([{ header, detail: expect.any(String) }]);
  });
});

describe('PATCH', () => {
  it('400: no body, which would make a version for nothing', async () => {
    const { headers } = await stored({}, { key: 'kept' });
    const answer = await client.call('PATCH', pathOf('kept'));
    expect([answer.status, answer.json.errors]).toEqual([400, [{ pointer: '', detail: 'The body is missing.' }]]);
    expect((await client.call('HEAD', pathOf('kept'))).headers.get('etag')).toBe(headers.get('etag'));
  });

  it('changes what it names, and null takes away', async () => {
    const key = randomUUID();
    await stored(
      {
        'content-type': 'text/x-a',
        'content-disposition': 'attachment; filename="a"',
        'cache-control': 'max-age=5',
        'stowage-meta-a': '1',
      },
      { key },
    );
    const changed = await client.call('PATCH', pathOf(key), { json: { cacheControl: null, metadata: { b: 'ü' } } });
    expect(changed.json).toMatchObject({
      contentType: 'text/x-a',
      contentDisposition: 'attachment; filename="a"',
      metadata: { b: 'ü' },
    });
    expect(changed.json).not.toHaveProperty('cacheControl');
    const { headers, bytes } = await client.call('GET', pathOf(key));
    expect([
      headers.get('cache-control'),
      headers.get('stowage-meta-a'),
      headers.get('stowage-meta-b'),
      bytes.toString(),
    ]).toEqual(['private, no-cache', null, '%C3%BC', 'content']);
    const bare = await client.call('PATCH', pathOf(key), { json: { contentDisposition: null, metadata: {} } });
    expect(bare.json).not.toHaveProperty('contentDisposition');
    expect(bare.json.metadata).toEqual({});
  });

  it('loses nothing when many change one object at once', async () => {
    const key = randomUUID();
    await givenObject(client, bucket, key);
    const changes = [
      { cacheControl: 'max-age=7' },
      { contentDisposition: 'attachment' },
      { contentType: 'text/x-changed' },
      { metadata: { a: '1' } },
    ];
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => changes)
        .flat()
        .map((json) => client.call('PATCH', pathOf(key), { json })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(answers.length).fill(200));
    expect(new Set(answers.map(({ json }) => json.versionId as string)).size).toBe(answers.length);
    const { headers } = await client.call('GET', pathOf(key));
    expect(
      ['cache-control', 'content-disposition', 'content-type', 'stowage-meta-a'].map((name) => headers.get(name)),
    ).toEqual(['max-age=7', `attachment; filename="${key}"`, 'text/x-changed', '1']);
  });

  it('404: there is nothing to change; 415: the bytes are not of that type', async () => {
    expect((await client.call('PATCH', pathOf(randomUUID()), { json: {} })).json.type).toBe(
      '/problems/object-not-found',
    );
    const key = randomUUID();
    await givenObject(client, bucket, key, 'no picture');
    const refused = await client.call('PATCH', pathOf(key), { json: { contentType: 'image/png' } });
    expect([refused.status, refused.json.type]).toEqual([415, '/problems/content-type-not-allowed']);
  });
});

describe('keys', () => {
  const keys = [
    'naïve/Grüße.txt',
    'two  spaces and one at the end ',
    '/leading',
    '//double//slash',
    'trailing/',
    '100%',
    '%2F is no slash, %zz nothing',
    'a+b=c&d?e#f;g,h@i:j',
    '🚢/🌊/👩‍🚀',
    '..hidden/...',
    'back\\slash',
    `quotes ' " \``,
    '<b>|^{}[]~$!*()',
    'e\u0301'.normalize('NFC'),
    '\u00a0nbsp\u200d',
    'x'.repeat(1024),
    'ü'.repeat(512),
    'constructor',
    '__proto__',
  ];

  it.each(keys)('%j comes back, by its address and in the listing', async (key) => {
    using raw = new HttpExchange(api);
    const headers = { authorization: `Bearer ${client.token}` };
    const put = await raw.send('PUT', pathOf(key), { headers, body: `of ${key}` });
    expect([put.status, put.json.key]).toEqual([201, key]);
    const bySegments = `/v1/buckets/${bucket}/objects/${key.split('/').map(encodeURIComponent).join('/')}`;
    for (const path of [put.headers.get('location') ?? '', bySegments]) {
      expect((await raw.send('GET', path, { headers })).bytes.toString()).toBe(`of ${key}`);
    }
    const listed = await client.call('GET', `/v1/buckets/${bucket}/objects?prefix=${encodeURIComponent(key)}`);
    expect(listed.json.items.map((item: { key: string }) => item.key)).toContain(key);
    expect((await raw.send('DELETE', bySegments, { headers })).status).toBe(204);
    expect((await raw.send('GET', bySegments, { headers })).status).toBe(404);
  });
});
