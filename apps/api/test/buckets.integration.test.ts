import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenAccount, givenBucket, givenObject, send, type Answer, type Client } from './given.ts';
import { startApi, type RunningApi } from './start-api.ts';

let api: RunningApi;
let client: Client;

beforeAll(async () => {
  api = await startApi();
  client = await givenAccount(api);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe('a bucket', () => {
  it('is created, read, listed and changed', async () => {
    const created = await client.call('POST', '/v1/buckets', {
      json: { name: 'photos-2026', contentTypes: ['image/*'] },
    });
    expect([created.status, created.headers.get('location')]).toEqual([201, '/v1/buckets/photos-2026']);
    expect(created.json).toEqual({
      id: expect.any(String),
      name: 'photos-2026',
      contentTypes: ['image/*'],
      retentionDays: 30,
      publicRead: false,
      createdAt: expect.any(String),
    });
    expect((await client.call('GET', '/v1/buckets/photos-2026')).json).toEqual(created.json);
    const changed = await client.call('PATCH', '/v1/buckets/photos-2026', {
      json: { retentionDays: 0, publicRead: true, contentTypes: null },
    });
    const { contentTypes: _gone, ...rest } = created.json as Record<string, unknown>;
    expect([changed.status, changed.json]).toEqual([200, { ...rest, retentionDays: 0, publicRead: true }]);
    expect((await client.call('GET', '/v1/buckets')).json.items).toContainEqual(changed.json);
  });

  it('409: the name is taken, by creation or by change', async () => {
    const [taken, other] = [await givenBucket(client), await givenBucket(client)];
    const answers = [
      await client.call('POST', '/v1/buckets', { json: { name: taken } }),
      await client.call('PATCH', `/v1/buckets/${other}`, { json: { name: taken } }),
    ];
    expect(answers.map(({ status, json }) => [status, json.type])).toEqual(
      Array(2).fill([409, '/problems/bucket-name-taken']),
    );
    expect((await client.call('GET', `/v1/buckets/${other}`)).status).toBe(200);
  });

  it('lists page by page, by name', async () => {
    const owner = await givenAccount(api);
    const names = ['zebra', 'a-1', 'a--b', '000', 'm'.repeat(63)];
    for (const name of names) await owner.call('POST', '/v1/buckets', { json: { name } });
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const { json } = await owner.call('GET', `/v1/buckets?limit=2${cursor}`);
      seen.push(...json.items.map(({ name }: { name: string }) => name));
      if (json.nextCursor === undefined) break;
      cursor = `&cursor=${json.nextCursor as string}`;
    }
    expect(seen).toEqual([...names].sort());
  });
});

describe('renaming', () => {
  it('keeps the objects, under the new name alone', async () => {
    const bucket = await givenBucket(client);
    await givenObject(client, bucket, 'a', 'content');
    await client.call('GET', `/v1/buckets/${bucket}/objects/a`); // cached under the old name
    await client.call('PATCH', `/v1/buckets/${bucket}`, { json: { name: `${bucket}-new` } });
    expect((await client.call('GET', `/v1/buckets/${bucket}-new/objects/a`)).bytes.toString()).toBe('content');
    expect((await client.call('GET', `/v1/buckets/${bucket}/objects/a`)).json.type).toBe('/problems/bucket-not-found');
  });

  it('does not disturb who reads', async () => {
    const bucket = await givenBucket(client);
    const content = randomBytes(20_000_000);
    await givenObject(client, bucket, 'large', content);
    const { hostname: host, port } = new URL(api.url);
    const headers = { authorization: `Bearer ${client.token}` };
    const sent = request({ host, port, path: `/v1/buckets/${bucket}/objects/large`, headers }).end();
    const [reading] = (await once(sent, 'response')) as [IncomingMessage];

    expect((await client.call('PATCH', `/v1/buckets/${bucket}`, { json: { name: `${bucket}-new` } })).status).toBe(200);
    expect((await buffer(reading)).equals(content)).toBe(true);
  });

  it('two buckets change names, and each keeps its own objects', async () => {
    const [a, b] = [await givenBucket(client), await givenBucket(client)];
    await givenObject(client, a, 'key', 'of a');
    await givenObject(client, b, 'key', 'of b');
    for (const [from, to] of [
      [a, 'between'],
      [b, a],
      ['between', b],
    ])
      // prettier-ignore
      expect((await client.call('PATCH', `/v1/buckets/${from}`, { json: { name: to } })).status).toBe(200);
    expect((await client.call('GET', `/v1/buckets/${a}/objects/key`)).bytes.toString()).toBe('of b');
    expect((await client.call('GET', `/v1/buckets/${b}/objects/key`)).bytes.toString()).toBe('of a');
  });
});

describe('deleting', () => {
  it('409: it has objects; 204 with force, and nothing of it is left to see', async () => {
    const bucket = await givenBucket(client);
    const { json: object } = await givenObject(client, bucket, 'a');
    const refused = await client.call('DELETE', `/v1/buckets/${bucket}`);
    expect([refused.status, refused.json.type]).toEqual([409, '/problems/bucket-not-empty']);
    expect((await client.call('DELETE', `/v1/buckets/${bucket}?force=false`)).status).toBe(409);
    expect((await client.call('DELETE', `/v1/buckets/${bucket}?force=true`)).status).toBe(204);

    const paths = ['', '/objects', '/objects/a', `/objects/a?versionId=${object.versionId as string}`, '/grants'];
    const afterwards = await Promise.all(paths.map((path) => client.call('GET', `/v1/buckets/${bucket}${path}`)));
    expect(afterwards.map(({ json }) => json.type)).toEqual(paths.map(() => '/problems/bucket-not-found'));
    expect((await client.call('DELETE', `/v1/buckets/${bucket}?force=true`)).status).toBe(404);
  });

  it('204 without force, once it is empty', async () => {
    const bucket = await givenBucket(client);
    await givenObject(client, bucket, 'a');
    await client.call('DELETE', `/v1/buckets/${bucket}/objects/a`);
    expect((await client.call('DELETE', `/v1/buckets/${bucket}`)).status).toBe(204);
  });

  it('its name can be used again, and shows nothing of the old one', async () => {
    const bucket = await givenBucket(client, { publicRead: true });
    const { json: object } = await givenObject(client, bucket, 'a', 'old');
    const publicPath = `/v1/public/${client.accountId}/${bucket}/a`;
    expect((await send(api, 'GET', publicPath)).bytes.toString()).toBe('old');
    await client.call('DELETE', `/v1/buckets/${bucket}?force=true`);
    expect((await send(api, 'GET', publicPath)).status).toBe(404);

    await client.call('POST', '/v1/buckets', { json: { name: bucket, publicRead: true } });
    expect((await client.call('GET', `/v1/buckets/${bucket}/objects`)).json).toEqual({ items: [], prefixes: [] });
    const paths = [
      `/v1/buckets/${bucket}/objects/a`,
      `/v1/buckets/${bucket}/objects/a?versionId=${object.versionId as string}`,
      publicPath,
    ];
    const answers = await Promise.all(paths.map((path) => client.call('GET', path)));
    expect(answers.map(({ json }) => json.type)).toEqual(paths.map(() => '/problems/object-not-found'));
    expect((await givenObject(client, bucket, 'a', 'new')).status).toBe(201);
    expect((await send(api, 'GET', publicPath)).bytes.toString()).toBe('new');
  });

  it('404: an upload that was under way when the bucket went', async () => {
    const bucket = await givenBucket(client);
    const reached = Promise.withResolvers<undefined>();
    const deleted = Promise.withResolvers<undefined>();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.alloc(100_000)),
      pull: async (controller) => {
        reached.resolve(undefined);
        await deleted.promise;
        controller.close();
      },
    });
    const putting = client.call('PUT', `/v1/buckets/${bucket}/objects/a`, { body });
    await reached.promise;
    await client.call('DELETE', `/v1/buckets/${bucket}`);
    deleted.resolve(undefined);
    expect((await putting).json.type).toBe('/problems/bucket-not-found');
  });
});

describe('public reading', () => {
  const readPublicly = (bucket: string, key: string, headers: Record<string, string> = {}): Promise<Answer> =>
    send(api, 'GET', `/v1/public/${client.accountId}/${bucket}/${key}`, { headers });

  it('needs no credential, and knows ranges and conditions', async () => {
    const bucket = await givenBucket(client, { publicRead: true });
    const { headers: stored } = await givenObject(client, bucket, 'folder/a.txt', 'content');
    const whole = await readPublicly(bucket, 'folder/a.txt');
    expect([whole.status, whole.bytes.toString(), whole.headers.get('cache-control')]).toEqual([
      200,
      'content',
      'public, no-cache',
    ]);
    expect((await readPublicly(bucket, 'folder/a.txt', { range: 'bytes=0-2' })).bytes.toString()).toBe('con');
    expect((await readPublicly(bucket, 'folder/a.txt', { 'if-none-match': stored.get('etag') ?? '' })).status).toBe(
      304,
    );
    expect((await send(api, 'HEAD', `/v1/public/${client.accountId}/${bucket}/folder/a.txt`)).status).toBe(200);
  });

  it('404: private, missing and unknown look the same', async () => {
    const [shown, hidden] = [await givenBucket(client, { publicRead: true }), await givenBucket(client)];
    await givenObject(client, hidden, 'a');
    const answers = [
      await readPublicly(shown, 'missing'),
      await readPublicly(hidden, 'a'),
      await readPublicly(hidden, 'missing'),
      await readPublicly('missing', 'a'),
      await send(api, 'GET', `/v1/public/${client.userId}/${shown}/a`),
      await send(api, 'GET', `/v1/public/nobody/${shown}/a`),
    ];
    const { instance: _instance, ...expected } = answers[0]?.json as Record<string, unknown>;
    expect(expected.type).toBe('/problems/object-not-found');
    for (const { json } of answers) expect(json).toEqual({ ...expected, instance: expect.any(String) });
  });

  it('ends at once when the bucket is made private', async () => {
    const bucket = await givenBucket(client, { publicRead: true });
    await givenObject(client, bucket, 'a');
    expect((await readPublicly(bucket, 'a')).status).toBe(200);
    await client.call('PATCH', `/v1/buckets/${bucket}`, { json: { publicRead: false } });
    expect((await readPublicly(bucket, 'a')).status).toBe(404);
  });
});
