import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { givenClient, givenReadyClient, redisUrl } from './given-redis.ts';
import { givenTlsRedis, type TlsRedis } from './tls-redis.ts';

const authorities = getCACertificates('default');
afterEach(() => setDefaultCACertificates(authorities));

let redis: TlsRedis;
beforeAll(async () => {
  redis = await givenTlsRedis('localhost');
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

function trust({ certificate }: TlsRedis): void {
  setDefaultCACertificates([...authorities, certificate]);
}

/** What a client that never connects tells. */
async function refusalBy(url: string): Promise<Error> {
  const failed = Promise.withResolvers<Error>();
  const client = givenClient({ url, onError: failed.resolve });
  const error = await failed.promise;
  expect(client.isReady).toBe(false);
  return error;
}

describe('RedisClient over TLS', () => {
  it('connects to whom the process trusts, with credentials, and again after a restart', async () => {
    trust(redis);
    let asked = 0;
    const credentials = async () => ({ username: 'default', password: `token-${(asked += 1)}` });
    const client = await givenReadyClient({ url: redis.url, credentials });
    expect(await client.send(['SET', 'key', 'x'.repeat(100_000)])).toBe('OK');
    expect(await client.send(['GET', 'key'])).toBe('x'.repeat(100_000));
    await redis.server.restart();
    expect(await (await givenReadyClient({ url: redis.url, credentials })).send(['GET', 'key'])).toBeNull();
    expect(asked).toBeGreaterThanOrEqual(2);
  });

  it('refuses an authority that is not trusted', async () => {
    expect(await refusalBy(redis.url)).toMatchObject({
      reason: 'disconnected',
      cause: { message: expect.stringContaining('self-signed certificate') },
    });
  });

  it('refuses the certificate of another host', async () => {
    await using another = await givenTlsRedis('cache.example');
    trust(another);
    expect(await refusalBy(another.url)).toMatchObject({
      reason: 'disconnected',
      cause: { message: expect.stringContaining("does not match certificate's altnames") },
    });
  });

  it('does not talk to a server without TLS', async () => {
    trust(redis);
    const plain = new URL(redisUrl());
    await refusalBy(`rediss://localhost:${plain.port}`);
  });
});
