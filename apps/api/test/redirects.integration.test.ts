import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenAccount, givenBucket, givenObject, send, type Client } from './given.ts';
import { startApi, startApiOnS3, type RunningApi } from './start-api.ts';

const env = { REDIRECT_DOWNLOADS_FROM_BYTES: '100000' };
const large = randomBytes(100_000);

describe('redirected downloads', () => {
  let api: RunningApi;
  let client: Client;
  let bucket: string;

  beforeAll(async () => {
    api = await startApiOnS3({ env });
    client = await givenAccount(api);
    bucket = await givenBucket(client, { publicRead: true });
    const headers = { 'content-type': 'text/html', 'cache-control': 'max-age=3600' };
    await client.call('PUT', `/v1/buckets/${bucket}/objects/large`, {
      body: large,
      headers: { ...headers, 'content-disposition': "inline; filename*=UTF-8''gr%C3%B6%C3%9Fe.html" },
    });
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('307: the bytes are at Location, and come as a download where they could run', async () => {
    const answer = await client.call('GET', `/v1/buckets/${bucket}/objects/large`);
    expect([answer.status, answer.bytes.length, answer.headers.get('cache-control')]).toEqual([307, 0, 'no-store']);
    const location = answer.headers.get('location') ?? '';
    expect(location).not.toContain(bucket);
    const fetched = await fetch(location);
    expect(Buffer.from(await fetched.arrayBuffer()).equals(large)).toBe(true);
    expect(fetched.headers.get('content-type')).toBe('text/html');
    expect(fetched.headers.get('content-disposition')).toMatch(
      /^attachment; .*filename\*=UTF-8''gr%C3%B6%C3%9Fe\.html$/,
    );
  });

  it("a range of it is the store's to answer", async () => {
    const headers = { range: 'bytes=500-599' };
    const answer = await client.call('GET', `/v1/buckets/${bucket}/objects/large`, { headers });
    expect(answer.status).toBe(307);
    const fetched = await fetch(answer.headers.get('location') ?? '', { headers });
    expect(fetched.status).toBe(206);
    expect(Buffer.from(await fetched.arrayBuffer()).equals(large.subarray(500, 600))).toBe(true);
  });

  it('the URL opens this object alone', async () => {
    const { headers } = await client.call('GET', `/v1/buckets/${bucket}/objects/large`);
    const { json: other } = await givenObject(client, bucket, 'other', large);
    const location = new URL(headers.get('location') ?? '');
    location.pathname = location.pathname.replace(/[^/]+$/, other.versionId as string);
    expect((await fetch(location)).status).toBe(403);
  });

  it('public reads too; HEAD, conditions and small objects are answered at once', async () => {
    const publicPath = `/v1/public/${client.accountId}/${bucket}/large`;
    const redirected = await send(api, 'GET', publicPath);
    expect(redirected.status).toBe(307);
    expect(Buffer.from(await (await fetch(redirected.headers.get('location') ?? '')).arrayBuffer()).equals(large)).toBe(
      true,
    );
    const head = await send(api, 'HEAD', publicPath);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '100000']);
    expect((await send(api, 'GET', publicPath, { headers: { 'if-none-match': '*' } })).status).toBe(304);
    expect((await send(api, 'GET', publicPath, { headers: { 'if-match': '"other"' } })).status).toBe(412);
    await givenObject(client, bucket, 'small', large.subarray(1));
    expect((await client.call('GET', `/v1/buckets/${bucket}/objects/small`)).bytes.equals(large.subarray(1))).toBe(
      true,
    );
  });
});

it('200: a store without URLs of its own sends the bytes itself', async () => {
  await using api = await startApi({ env });
  const client = await givenAccount(api);
  const bucket = await givenBucket(client);
  await givenObject(client, bucket, 'large', large);
  expect((await client.call('GET', `/v1/buckets/${bucket}/objects/large`)).bytes.equals(large)).toBe(true);
});
