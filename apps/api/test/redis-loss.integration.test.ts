import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { RedisServerProcess } from '@stowage/cache/testing';
import { FaultyTcpProxy, type FaultMode } from '@stowage/db/testing';
import { givenAccount, givenBucket, password, send, type Client } from './given.ts';
import { requiredService, startApi, type RunningApi } from './start-api.ts';

/** All a user does, from signing in to deleting; every answer must be the one that Redis has no part in. */
async function useEverything(api: RunningApi, client: Client, bucket: string): Promise<void> {
  const key = randomUUID();
  const object = `/v1/buckets/${bucket}/objects/${key}`;
  const { email } = client;
  const session = await send(api, 'POST', '/v1/sessions', { json: { email, password } });
  expect(session.status).toBe(201);
  const headers = { cookie: (session.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '' };
  const statuses = {
    signedIn: (await send(api, 'GET', '/v1/sessions', { headers })).status,
    wrongPassword: (await send(api, 'POST', '/v1/sessions', { json: { email, password: 'not it, not at all' } }))
      .status,
    created: (await client.call('PUT', object, { body: 'first' })).status,
    overwritten: (await client.call('PUT', object, { body: 'second' })).status,
    changed: (await client.call('PATCH', object, { json: { metadata: { colour: 'blue' } } })).status,
  };
  expect(statuses).toEqual({ signedIn: 200, wrongPassword: 401, created: 201, overwritten: 200, changed: 200 });
  const read = await client.call('GET', object);
  expect([read.status, read.bytes.toString(), read.headers.get('stowage-meta-colour')]).toEqual([
    200,
    'second',
    'blue',
  ]);
  const listed = await client.call('GET', `/v1/buckets/${bucket}/objects?prefix=${key}`);
  expect(listed.json.items).toEqual([expect.objectContaining({ key, sizeBytes: 6 })]);
  expect((await client.call('DELETE', object)).status).toBe(204);
  expect((await client.call('GET', object)).status).toBe(404);
  expect((await send(api, 'DELETE', '/v1/sessions/current', { headers })).status).toBe(204);
  expect((await send(api, 'GET', '/v1/sessions', { headers })).status).toBe(401);
  expect((await send(api, 'GET', '/health')).status).toBe(200);
}

describe('the API without Redis', () => {
  it('does everything when Redis was never there', async () => {
    const port = await givenClosedPort();
    await using api = await startApi({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
    const client = await givenAccount(api);
    await useEverything(api, client, await givenBucket(client));
  });

  it('does everything when Redis was killed, and again when it is back', async () => {
    await using redis = await RedisServerProcess.start(requiredService('TEST_REDIS_SERVER'));
    await using api = await startApi({ env: { REDIS_URL: redis.url } });
    const client = await givenAccount(api);
    const bucket = await givenBucket(client);
    await useEverything(api, client, bucket);
    await redis.kill();
    await useEverything(api, client, bucket);
    await redis.restart();
    await useEverything(api, client, bucket);
  });

  it('does everything while Redis is frozen', async () => {
    await using redis = await RedisServerProcess.start(requiredService('TEST_REDIS_SERVER'));
    await using api = await startApi({ env: { REDIS_URL: redis.url } });
    const client = await givenAccount(api);
    const bucket = await givenBucket(client);
    redis.freeze();
    await useEverything(api, client, bucket);
    redis.thaw();
    await useEverything(api, client, bucket);
  });

  it.each<FaultMode>(['refuse', 'reset', 'blackhole', 'mute'])(
    'does everything while the line is broken (%s)',
    async (mode) => {
      await using proxy = await FaultyTcpProxy.inFrontOf(requiredService('TEST_REDIS_URL'));
      await using api = await startApi({ env: { REDIS_URL: proxy.through(requiredService('TEST_REDIS_URL')) } });
      const client = await givenAccount(api);
      const bucket = await givenBucket(client);
      await proxy.setMode(mode);
      await useEverything(api, client, bucket);
      await proxy.setMode('pass');
      await useEverything(api, client, bucket);
    },
  );

  it('does everything when Redis answers nothing but errors', async () => {
    await using redis = await RedisServerProcess.start(requiredService('TEST_REDIS_SERVER'), ['--maxmemory', '1']);
    await using api = await startApi({ env: { REDIS_URL: redis.url } });
    const client = await givenAccount(api);
    await useEverything(api, client, await givenBucket(client));
  });

  it('still limits sign-ins while Redis is away', async () => {
    const port = await givenClosedPort();
    await using api = await startApi({ env: { REDIS_URL: `redis://127.0.0.1:${port}`, SIGN_INS_PER_MINUTE: '5' } });
    const attempt = async (): Promise<number> =>
      (
        await send(api, 'POST', '/v1/sessions', {
          json: { email: 'nobody@example.com', password: 'not it, not at all' },
        })
      ).status;
    const statuses = [];
    for (let times = 0; times < 7; times += 1) statuses.push(await attempt());
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });
});

async function givenClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
