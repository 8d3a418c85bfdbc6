import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenAccount, givenBucket, givenObject, type Answer, type Client } from './given.ts';
import { RawConnection } from './http-exchange.ts';
import { startApi, type RunningApi } from './start-api.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

let api: RunningApi;
let client: Client;

beforeAll(async () => {
  api = await startApi({ env: { MAX_OBJECT_BYTES: '2000000' } });
  client = await givenAccount(api);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

/** The keys of the objects that the account's buckets show. */
async function keysIn(bucket: string): Promise<string[]> {
  const { json } = await client.call('GET', `/v1/buckets/${bucket}/objects`);
  return json.items.map(({ key }: { key: string }) => key);
}

describe('limits of a bucket', () => {
  const streamOf = (bytes: number): ReadableStream => new Blob([Buffer.alloc(bytes)]).stream();

  it.each([
    { title: 'announced', body: () => Buffer.alloc(1001) },
    { title: 'not announced', body: () => streamOf(1001) },
    { title: 'not announced and much larger', body: () => streamOf(5_000_000) },
  ])('413: an object that is too large, its size $title', async ({ body }) => {
    const bucket = await givenBucket(client, { maxObjectBytes: 1000 });
    const answer = await client.call('PUT', `/v1/buckets/${bucket}/objects/large`, { body: body() });
    expect([answer.status, answer.json.type]).toEqual([413, '/problems/object-too-large']);
    expect(answer.json.detail).toContain('1000 bytes');
    expect(await keysIn(bucket)).toEqual([]);
  });

  it('takes an object of exactly that size; the installation has a limit of its own', async () => {
    const bucket = await givenBucket(client, { maxObjectBytes: 1000 });
    expect((await givenObject(client, bucket, 'fits', Buffer.alloc(1000))).status).toBe(201);
    const wide = await givenBucket(client, { maxObjectBytes: 10_000_000 });
    expect((await client.call('PUT', `/v1/buckets/${wide}/objects/a`, { body: Buffer.alloc(2_000_001) })).status).toBe(
      413,
    );
  });

  it.each([
    { title: 'another type by the header', type: 'text/plain', body: 'text', status: 415 },
    { title: 'another type by the first bytes', type: 'image/png', body: 'no picture', status: 415 },
    { title: 'no type', type: '', body: png, status: 415 },
    { title: 'the type, whatever its case and parameters', type: 'Image/PNG; q=1', body: png, status: 201 },
    { title: 'one of a range of types', type: 'audio/x-test', body: 'anything', status: 201 },
    { title: 'what hides a refused type', type: 'audio/x-test', body: '%PDF-1.7\n', status: 415 },
    { title: 'an empty object', type: 'image/png', body: '', status: 201 },
  ])('$status: $title', async ({ type, body, status }) => {
    const bucket = await givenBucket(client, { contentTypes: ['image/png', 'audio/*'] });
    const headers = type === '' ? {} : { 'content-type': type };
    const answer = await client.call('PUT', `/v1/buckets/${bucket}/objects/typed`, {
      body: Buffer.from(body),
      headers,
    });
    expect(answer.status).toBe(status);
    if (status === 415) expect(answer.json.type).toBe('/problems/content-type-not-allowed');
    expect(await keysIn(bucket)).toEqual(status === 201 ? ['typed'] : []);
  });

  it('415: a body in a coding, which would be lost', async () => {
    const bucket = await givenBucket(client);
    const answer = await client.call('PUT', `/v1/buckets/${bucket}/objects/a`, {
      body: 'x',
      headers: { 'content-encoding': 'gzip' },
    });
    expect([answer.status, answer.json.type]).toEqual([415, '/problems/unsupported-media-type']);
    const plain = { 'content-encoding': 'Identity' };
    expect((await client.call('PUT', `/v1/buckets/${bucket}/objects/a`, { body: 'x', headers: plain })).status).toBe(
      201,
    );
  });

  it('400: a part, which would replace the whole', async () => {
    const bucket = await givenBucket(client);
    await givenObject(client, bucket, 'a', 'the whole');
    const path = `/v1/buckets/${bucket}/objects/a`;
    const answer = await client.call('PUT', path, { body: 'x', headers: { 'content-range': 'bytes 0-0/9' } });
    expect([answer.status, answer.json.errors]).toEqual([400, [expect.objectContaining({ header: 'content-range' })]]);
    expect((await client.call('GET', path)).bytes.toString()).toBe('the whole');
  });

  it('hold for what is stored from the change on', async () => {
    const bucket = await givenBucket(client);
    await givenObject(client, bucket, 'before', Buffer.alloc(1001));
    await client.call('PATCH', `/v1/buckets/${bucket}`, {
      json: { maxObjectBytes: 1000, contentTypes: ['text/plain'] },
    });
    const put = (body: Buffer, type: string): Promise<Answer> =>
      client.call('PUT', `/v1/buckets/${bucket}/objects/a`, { body, headers: { 'content-type': type } });
    expect((await put(Buffer.alloc(1001), 'text/plain')).status).toBe(413);
    expect((await put(Buffer.alloc(10), 'image/x-test')).status).toBe(415);
    expect((await client.call('GET', `/v1/buckets/${bucket}/objects/before`)).bytes.length).toBe(1001);
    const lifted = await client.call('PATCH', `/v1/buckets/${bucket}`, {
      json: { maxObjectBytes: null, contentTypes: null },
    });
    expect(lifted.json).not.toHaveProperty('maxObjectBytes');
    expect((await put(Buffer.alloc(1001), 'image/x-test')).status).toBe(201);
  });
});

describe('Content-Digest', () => {
  const digestOf = (content: string): string => createHash('sha256').update(content).digest('base64');

  it.each([
    { title: 'no byte sequence', header: 'sha-256=abc' },
    { title: 'no Base64', header: 'sha-256=:$$$:' },
    { title: 'too short', header: 'sha-256=:AAAA:' },
    { title: 'sha-512 of the length of sha-256', header: `sha-512=:${digestOf('content')}:` },
    { title: 'only unknown algorithms', header: 'md5=:AAAA:, constructor=:AAAA:' },
    { title: 'no dictionary', header: '=' },
    { title: 'nothing', header: '' },
  ])('400: $title', async ({ header }) => {
    const bucket = await givenBucket(client);
    const answer = await client.call('PUT', `/v1/buckets/${bucket}/objects/a`, {
      body: 'content',
      headers: { 'content-digest': header },
    });
    expect([answer.status, answer.json.errors]).toEqual([
      400,
      [{ header: 'content-digest', detail: expect.any(String) }],
    ]);
    expect(await keysIn(bucket)).toEqual([]);
  });
});

describe('Expect: 100-continue', () => {
  async function announce(path: string, length: number, token = client.token): Promise<RawConnection> {
    const connection = await RawConnection.open(api);
    connection.write(
      `PUT ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    return connection;
  }

  it('asks for the body once it would be taken', async () => {
    const bucket = await givenBucket(client);
    using connection = await announce(`/v1/buckets/${bucket}/objects/a`, 7);
    expect(await connection.until(/\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    connection.write('content');
    expect(await connection.until(/\}$/)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 201 Created\r\n/);
    expect((await client.call('GET', `/v1/buckets/${bucket}/objects/a`)).bytes.toString()).toBe('content');
  });

  it.each([
    { status: 413, title: 'too large', length: 3_000_000_000 },
    { status: 404, title: 'no such bucket', bucket: 'missing' },
    { status: 401, title: 'not signed in', token: 'wrong' },
  ])('$status: what is refused is never sent: $title', async ({ status, length = 7, bucket, token }) => {
    const existing = await givenBucket(client);
    using connection = await announce(`/v1/buckets/${bucket ?? existing}/objects/a`, length, token);
    expect(await connection.until(/\}$/)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('412: neither is what a condition refuses', async () => {
    const bucket = await givenBucket(client);
    await givenObject(client, bucket, 'a');
    using connection = await RawConnection.open(api);
    connection.write(
      `PUT /v1/buckets/${bucket}/objects/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${client.token}\r\n` +
        'Content-Length: 7\r\nIf-None-Match: *\r\nExpect: 100-continue\r\n\r\n',
    );
    expect(await connection.until(/\}$/)).toMatch(/^HTTP\/1.1 412 /);
  });
});

describe('a refused upload', () => {
  it('leaves the connection fit for the next request, when its body is small', async () => {
    const bucket = await givenBucket(client, { maxObjectBytes: 10 });
    using connection = await RawConnection.open(api);
    const put = (key: string, body: string): string =>
      `PUT /v1/buckets/${bucket}/objects/${key} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${client.token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    connection.write(put(randomUUID(), 'x'.repeat(5000)) + put('small', 'fits'));
    expect(await connection.until(/201 Created[^]*\}$/)).toMatch(/^HTTP\/1.1 413 [^]*HTTP\/1.1 201 /);
    expect(await keysIn(bucket)).toEqual(['small']);
  });
});
