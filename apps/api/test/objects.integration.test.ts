import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseByteRanges } from './byte-ranges.ts';
import { givenAccount, givenBucket, givenObject, type Answer, type Client } from './given.ts';
import { RawConnection } from './http-exchange.ts';
import { startApi, startApiOnS3, type RunningApi } from './start-api.ts';

const body = randomBytes(100_000);

describe.each([
  { store: 'files', start: startApi },
  { store: 'S3', start: startApiOnS3 },
])('objects in $store', ({ start }) => {
  let api: RunningApi;
  let client: Client;
  let bucket: string;

  beforeAll(async () => {
    api = await start();
    client = await givenAccount(api);
    bucket = await givenBucket(client);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const pathOf = (key: string): string => `/v1/buckets/${bucket}/objects/${encodeURIComponent(key)}`;
  const read = (key: string, headers: Record<string, string> = {}): Promise<Answer> =>
    client.call('GET', pathOf(key), { headers });

  it('201: a new object, where Location says; 200: a new version of it', async () => {
    const first = await client.call('PUT', pathOf('put/new'), { body, headers: { 'content-type': 'image/x-test' } });
    expect([first.status, first.headers.get('location'), first.headers.get('etag')]).toEqual([
      201,
      pathOf('put/new'),
      `"${first.json.versionId as string}"`,
    ]);
    expect(first.json).toEqual({
      key: 'put/new',
      versionId: expect.any(String),
      etag: first.headers.get('etag'),
      sizeBytes: body.length,
      sha256: sha('sha256', body).toString('hex'),
      contentType: 'image/x-test',
      metadata: {},
      modifiedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
    });
    expect((await client.call('GET', first.headers.get('location') ?? '')).bytes.equals(body)).toBe(true);

    const second = await client.call('PUT', pathOf('put/new'), { body: 'second' });
    expect([second.status, second.headers.get('location')]).toEqual([200, null]);
    expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'));
    expect((await read('put/new')).bytes.toString()).toBe('second');
  });

  it('GET gives the bytes, HEAD the same headers without them', async () => {
    const { json } = await givenObject(client, bucket, 'read', body);
    const get = await read('read');
    const head = await client.call('HEAD', pathOf('read'));

    expect([get.status, get.bytes.equals(body)]).toEqual([200, true]);
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    expect(lastingHeaders(head)).toEqual(lastingHeaders(get));
    expect(lastingHeaders(get)).toMatchObject({
      'content-length': '100000',
      'content-type': 'application/octet-stream',
      etag: `"${json.versionId as string}"`,
      'last-modified': new Date(json.modifiedAt as string).toUTCString(),
      'accept-ranges': 'bytes',
      'repr-digest': `sha-256=:${sha('sha256', body).toString('base64')}:`,
      'stowage-version-id': json.versionId,
      'cache-control': 'private, no-cache',
    });
  });

  it('an empty object is an object', async () => {
    const { json } = await givenObject(client, bucket, 'empty', '');
    const get = await read('empty');
    expect([json.sizeBytes, get.status, get.headers.get('content-length'), get.bytes.length]).toEqual([0, 200, '0', 0]);
    expect(lastingHeaders(await client.call('HEAD', pathOf('empty')))).toEqual(lastingHeaders(get));
    const ranged = await read('empty', { range: 'bytes=0-' });
    expect([ranged.status, ranged.headers.get('content-range')]).toEqual([416, 'bytes */0']);
  });

  it('a body of unannounced length, larger than one part of the store', async () => {
    const large = randomBytes(9 * 1024 * 1024 + 7);
    const stored = await client.call('PUT', pathOf('chunked'), { body: new Blob([large]).stream() });
    expect([stored.status, stored.json.sizeBytes]).toEqual([201, large.length]);
    expect((await read('chunked')).bytes.equals(large)).toBe(true);
    const range = await read('chunked', { range: `bytes=${8 * 1024 * 1024 - 5}-${8 * 1024 * 1024 + 4}` });
    expect(range.bytes).toEqual(large.subarray(8 * 1024 * 1024 - 5, 8 * 1024 * 1024 + 5));
  });

  it.each([
    { title: 'the first byte', range: 'bytes=0-0', start: 0, end: 1 },
    { title: 'the middle', range: 'bytes=70-69999', start: 70, end: 70_000 },
    { title: 'to the end', range: 'bytes=99990-', start: 99_990, end: 100_000 },
    { title: 'beyond the end', range: 'bytes=99990-200000', start: 99_990, end: 100_000 },
    { title: 'the last bytes', range: 'bytes=-500', start: 99_500, end: 100_000 },
    { title: 'more last bytes than there are', range: 'bytes=-200000', start: 0, end: 100_000 },
    { title: 'neighbours as one', range: 'bytes=5-9,10-19', start: 5, end: 20 },
  ])('206: a range, $title', async ({ range, start, end }) => {
    await givenObject(client, bucket, 'ranged', body);
    const answer = await read('ranged', { range });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end - 1}/100000`]);
    expect(answer.headers.get('content-length')).toBe(String(end - start));
    expect(answer.bytes.equals(body.subarray(start, end))).toBe(true);
  });

  it('206: several ranges, each as a part of its own', async () => {
    await client.call('PUT', pathOf('several'), { body, headers: { 'content-type': 'text/x-test' } });
    const answer = await read('several', { range: 'bytes=50000-50009, 0-4,-3' });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, null]);
    expect(answer.headers.get('content-length')).toBe(String(answer.bytes.length));
    expect(parseByteRanges(answer.headers.get('content-type') ?? '', answer.bytes)).toEqual([
      { contentType: 'text/x-test', contentRange: 'bytes 50000-50009/100000', content: body.subarray(50_000, 50_010) },
      { contentType: 'text/x-test', contentRange: 'bytes 0-4/100000', content: body.subarray(0, 5) },
      { contentType: 'text/x-test', contentRange: 'bytes 99997-99999/100000', content: body.subarray(99_997) },
    ]);
  });

  it('416: a range behind the end, with the size', async () => {
    await givenObject(client, bucket, 'ranged', body);
    for (const range of ['bytes=100000-', 'bytes=-0', 'bytes=100000-100005,200000-']) {
      const answer = await read('ranged', { range });
      expect([answer.status, answer.json.type]).toEqual([416, '/problems/range-not-satisfiable']);
      expect(answer.headers.get('content-range')).toBe('bytes */100000');
      expect(answer.headers.get('etag')).toBeNull();
    }
  });

  it.each([
    'bytes=5-4',
    'bytes=a-b',
    'lines=1-2',
    'bytes=',
    'bytes=--1',
    `bytes=${Array.from({ length: 17 }, (_, i) => `${i * 4}-${i * 4}`).join()}`,
  ])('200: what is no range or asks for too much is ignored: %s', async (range) => {
    await givenObject(client, bucket, 'ranged', body);
    const answer = await read('ranged', { range });
    expect([answer.status, answer.bytes.equals(body)]).toEqual([200, true]);
  });

  it('If-Range: the range of that version, otherwise the whole', async () => {
    const old = await givenObject(client, bucket, 'if-range', 'old content');
    const { headers } = await givenObject(client, bucket, 'if-range', body);
    const etag = headers.get('etag') ?? '';
    const modified = (await client.call('HEAD', pathOf('if-range'))).headers.get('last-modified') ?? '';
    const status = async (ifRange: string): Promise<number> =>
      (await read('if-range', { range: 'bytes=1-2', 'if-range': ifRange })).status;

    expect([await status(etag), await status(old.headers.get('etag') ?? '')]).toEqual([206, 200]);
    expect([
      await status(`W/${etag}`),
      await status(modified),
      await status('Thu, 01 Jan 1970 00:00:00 GMT'),
      await status('nonsense'),
    ]).toEqual([200, 200, 200, 200]);
  });

  it('?versionId reads a version that was overwritten, and one that was deleted', async () => {
    const first = await givenObject(client, bucket, 'versions', 'first');
    await givenObject(client, bucket, 'versions', 'second, longer');
    const ofFirst = `${pathOf('versions')}?versionId=${first.json.versionId as string}`;
    const old = await client.call('GET', ofFirst);
    expect([old.status, old.bytes.toString(), old.headers.get('etag')]).toEqual([
      200,
      'first',
      first.headers.get('etag'),
    ]);
    expect((await client.call('GET', ofFirst, { headers: { range: 'bytes=1-2' } })).bytes.toString()).toBe('ir');

    await client.call('DELETE', pathOf('versions'));
    expect((await read('versions')).status).toBe(404);
    expect((await client.call('GET', ofFirst)).bytes.toString()).toBe('first');

    const elsewhere = await client.call('GET', `${pathOf('ranged')}?versionId=${first.json.versionId as string}`);
    expect([elsewhere.status, elsewhere.json.type]).toEqual([404, '/problems/object-not-found']);
  });

  it.each(['sha-256', 'sha-512'])(
    'Content-Digest: what has not its %s is refused and not stored',
    async (algorithm) => {
      const digest = (content: string): string =>
        `${algorithm}=:${sha(algorithm.replace('-', ''), content).toString('base64')}:`;
      const key = `digest-${algorithm}`;
      const put = (content: string, header: string): Promise<Answer> =>
        client.call('PUT', pathOf(key), { body: content, headers: { 'content-digest': header } });
      const wrong = await put('something else', digest('content'));
      expect([wrong.status, wrong.json.type]).toEqual([400, '/problems/digest-mismatch']);
      expect((await read(key)).status).toBe(404);
      expect((await put('content', `unknown=:AAAA:, ${digest('content')}`)).status).toBe(201);
      expect((await put('other', digest('content'))).status).toBe(400);
      expect((await read(key)).bytes.toString()).toBe('content');
    },
  );

  it('400: a body that is shorter than announced is not stored', async () => {
    using connection = await RawConnection.open(api);
    connection.write(
      `PUT ${pathOf('short')} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${client.token}\r\nContent-Length: 1000\r\n\r\n` +
        'x'.repeat(999),
    );
    connection.end();
    await connection.until(/\}$/);
    expect((await read('short')).status).toBe(404);
  });

  it('PATCH makes a version with the same bytes', async () => {
    const { json } = await givenObject(client, bucket, 'patched', body);
    const patched = await client.call('PATCH', pathOf('patched'), {
      json: { contentType: 'text/x-changed', metadata: { a: '1' } },
    });
    expect(patched.json).toEqual({
      ...json,
      versionId: expect.not.stringMatching(json.versionId as string),
      etag: patched.headers.get('etag'),
      contentType: 'text/x-changed',
      metadata: { a: '1' },
      modifiedAt: expect.any(String),
    });
    const get = await read('patched');
    expect([get.headers.get('content-type'), get.headers.get('stowage-meta-a'), get.bytes.equals(body)]).toEqual([
      'text/x-changed',
      '1',
      true,
    ]);
  });

  it('204: DELETE, once or twice', async () => {
    await givenObject(client, bucket, 'deleted', body);
    expect((await client.call('DELETE', pathOf('deleted'))).status).toBe(204);
    expect([(await read('deleted')).status, (await read('deleted', { range: 'bytes=0-1' })).status]).toEqual([
      404, 404,
    ]);
    expect((await client.call('DELETE', pathOf('deleted'))).status).toBe(204);
    expect((await client.call('PUT', pathOf('deleted'), { body: 'again' })).status).toBe(201);
  });
});

function sha(algorithm: string, content: string | Buffer): Buffer {
  return createHash(algorithm).update(content).digest();
}

/** Those that do not differ from request to request. */
function lastingHeaders({ headers }: Answer): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => !['date', 'x-request-id', 'connection', 'keep-alive'].includes(name)),
  );
}
