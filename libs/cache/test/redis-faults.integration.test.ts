import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CacheUnavailableError } from '../src/cache-errors.ts';
import { RedisClient } from '../src/redis-client.ts';
import { RedisRateLimiter } from '../src/redis-rate-limiter.ts';
import { RedisServerProcess } from '../src/testing/redis-server-process.ts';
import { givenClient, givenReadyClient, redisExecutable } from './given-redis.ts';

/** Resolves as soon as the client lets commands through. */
async function ready(client: RedisClient): Promise<void> {
  while (!client.isReady) await sleep(5);
}

async function lost(client: RedisClient): Promise<void> {
  while (client.isReady) await sleep(5);
}

/** A restart that the client cannot miss: it has noticed the end before there is anything to connect to again. */
async function restartUnder(client: RedisClient, server: RedisServerProcess): Promise<void> {
  await server.kill();
  await lost(client);
  await server.restart();
  await ready(client);
}

/** Why a command was not carried out. */
async function reasonOf(command: Promise<unknown>): Promise<string> {
  try {
    await command;
    return 'it was carried out';
  } catch (error) {
    return error instanceof CacheUnavailableError ? error.reason : String(error);
  }
}

describe('RedisClient', () => {
  let server: RedisServerProcess;
  beforeEach(async () => {
    server = await RedisServerProcess.start(redisExecutable());
  });
  afterEach(() => server.kill());
  const commandTimeoutMs = 1_000;

  it('opens at once where nobody listens, rejects at once, and is there when Redis is', async () => {
    await server.kill();
    const client = givenClient({ url: server.url });
    expect(client.isReady).toBe(false);
    expect(await reasonOf(client.send(['PING']))).toBe('disconnected');
    await server.restart();
    await ready(client);
    expect(await client.send(['PING'])).toBe('PONG');
  });

  it('rejects what is unanswered when Redis is killed, and returns to the one that comes after', async () => {
    const client = await givenReadyClient({ url: server.url });
    const blocked = reasonOf(client.send(['BLPOP', 'nothing', '0']));
    await server.kill();
    expect(await blocked).toBe('disconnected');
    expect(await reasonOf(client.send(['PING']))).toBe('disconnected');
    await server.restart();
    await ready(client);
    expect(await client.send(['PING'])).toBe('PONG');
  });

  it('frozen: what is under way waits for the deadline, what comes later does not wait', async () => {
    const client = await givenReadyClient({ url: server.url, commandTimeoutMs, connectTimeoutMs: 1_000 });
    server.freeze();
    const waiting = await Promise.all([client.send(['PING']), client.send(['PING'])].map(reasonOf));
    expect(waiting).toEqual(['timed-out', 'timed-out']);
    expect(client.isReady).toBe(false);
    // Each of these would time out if it were sent.
    const later = await Promise.all(Array.from({ length: 100 }, () => reasonOf(client.send(['PING']))));
    expect(new Set(later)).toEqual(new Set(['disconnected']));
    server.thaw();
    await ready(client);
    expect(await client.send(['PING'])).toBe('PONG');
  });

  it('a pause of this process does not cost the connection', async () => {
    const client = await givenReadyClient({ url: server.url, commandTimeoutMs });
    const answer = client.send(['PING']);
    const until = performance.now() + 2 * commandTimeoutMs;
    await new Promise((resolve) => setImmediate(resolve)); // lets the command leave
    while (performance.now() < until);
    expect(await answer).toBe('PONG');
    expect(client.isReady).toBe(true);
  });

  it('runs listeners on every connect before any other command, and waits for them', async () => {
    const client = givenClient({ url: server.url });
    const seen: boolean[] = [];
    client.onConnect(async (redis) => {
      await redis.send(['INCR', 'connects']);
      seen.push(client.isReady);
    });
    await ready(client);
    expect(await client.send(['GET', 'connects'])).toBe('1');
    await restartUnder(client, server);
    expect(seen).toEqual([false, false]);
  });

  it('tries again when a listener rejects', async () => {
    const errors: Error[] = [];
    const client = givenClient({ url: server.url, onError: (error) => errors.push(error) });
    let runs = 0;
    client.onConnect(async () => {
      runs += 1;
      if (runs === 1) throw new TypeError('the database is away');
    });
    await ready(client);
    expect(runs).toBe(2);
    expect(errors.map(({ message }) => message)).toEqual(['the database is away']);
  });

  it('gives up a connection that is lost while a listener runs', async () => {
    const client = givenClient({ url: server.url });
    let runs = 0;
    client.onConnect(async () => {
      runs += 1;
      if (runs > 1) return;
      await server.restart();
      await new Promise(() => undefined);
    });
    await ready(client);
    expect(runs).toBe(2);
  });

  it('asks for credentials on every connect', async () => {
    await server.kill();
    const users = ['--user', 'app', 'on', '>token-1', '~*', '+@all', '--user', 'default', 'off'];
    server = await RedisServerProcess.start(redisExecutable(), users);
    const tokens = ['token-0', 'token-1', 'token-1'];
    const asked: string[] = [];
    const client = givenClient({
      url: server.url,
      credentials: async () => {
        asked.push(tokens[asked.length] ?? 'none');
        return { username: 'app', password: asked.at(-1) ?? '' };
      },
    });
    await ready(client);
    expect(await client.send(['ACL', 'WHOAMI'])).toBe('app');
    await restartUnder(client, server);
    expect(asked).toEqual(tokens);
  });

  it('authenticates anew on the same connection, with the token of now, and outlives the one before', async () => {
    const admin = await givenReadyClient({ url: server.url });
    const setApp = (...rules: readonly string[]) => admin.send(['ACL', 'SETUSER', 'app', ...rules]);
    const authentications = async () =>
      /^cmdstat_auth:calls=(\d+).*failed_calls=(\d+)/m.exec(String(await admin.send(['INFO', 'commandstats'])));
    const moreAuthentications = async () => {
      const before = Number((await authentications())?.[1] ?? 0);
      while (Number((await authentications())?.[1] ?? 0) < before + 3) await sleep(5);
    };
    await setApp('on', '>first', '~*', '+@all');
    let password = 'first';
    const credentials = async () => ({ username: 'app', password });
    const client = await givenReadyClient({ url: server.url, credentials, reauthenticateEveryMs: 10 });
    const id = await client.send(['CLIENT', 'ID']);
    await setApp('>second');
    password = 'second';
    await moreAuthentications();
    await setApp('<first');
    await moreAuthentications();
    expect(await client.send(['CLIENT', 'ID'])).toBe(id);
    expect((await authentications())?.[2]).toBe('0');
  });

  it('tells when it has no new credentials, and goes on with the old ones', async () => {
    const errors = Promise.withResolvers<Error>();
    let asked = 0;
    const client = await givenReadyClient({
      ...{ url: server.url, reauthenticateEveryMs: 10, onError: errors.resolve },
      credentials: async () => {
        if ((asked += 1) > 1) throw new Error('no role');
        return { username: 'default', password: '' };
      },
    });
    expect(await errors.promise).toMatchObject({ reason: 'refused', cause: new Error('no role') });
    expect(await client.send(['PING'])).toBe('PONG');
  });

  it('tells of trouble once in an interval, and of its end', async () => {
    const errors: Error[] = [];
    let readies = 0;
    const client = givenClient({
      ...{ url: server.url, errorIntervalMs: 3_600_000 },
      onError: (error) => errors.push(error),
      onReady: () => (readies += 1),
    });
    await ready(client);
    for (const expected of [2, 3]) {
      await server.restart();
      while (readies < expected) await sleep(5);
    }
    expect(errors).toHaveLength(1);
  });

  it('tells what Redis refused, and goes on', async () => {
    await server.kill();
    server = await RedisServerProcess.start(redisExecutable(), [
      '--maxmemory',
      '1',
      '--maxmemory-policy',
      'noeviction',
    ]);
    const errors: Error[] = [];
    const client = await givenReadyClient({ url: server.url, onError: (error) => errors.push(error) });
    expect(await reasonOf(client.send(['SET', 'a', 'b']))).toBe('refused');
    expect(await client.send(['PING'])).toBe('PONG');
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('OOM')]);
  });

  it('leaves a server that became a replica, as its address may lead to another by now', async () => {
    const client = await givenReadyClient({ url: server.url });
    await client.send(['REPLICAOF', '127.0.0.1', '1']);
    expect(await reasonOf(client.send(['SET', 'a', 'b']))).toBe('refused');
    expect(client.isReady).toBe(false);
  });

  it('sends a script again when Redis has forgotten it', async () => {
    const client = await givenReadyClient({ url: server.url });
    const limiter = new RedisRateLimiter({ client });
    const limit = { limit: 10, windowMs: 60_000 };
    await limiter.take('ada', limit);
    await client.send(['SCRIPT', 'FLUSH']);
    expect(await limiter.take('ada', limit)).toMatchObject({ remaining: 8 });
  });

  it('closes with what is under way answered, also while it connects to nothing', async () => {
    const client = await givenReadyClient({ url: server.url });
    const answers = [client.send(['PING']), client.send(['PING'])];
    await client.close();
    expect(await Promise.all(answers)).toEqual(['PONG', 'PONG']);
    expect(await reasonOf(client.send(['PING']))).toBe('disconnected');
    await server.kill();
    await givenClient({ url: server.url }).close();
  });

  it('gives up on a server that accepts and says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const failed = Promise.withResolvers<Error>();
    givenClient({ url: `redis://127.0.0.1:${String(port)}`, connectTimeoutMs: 100, onError: failed.resolve });
    expect(await failed.promise).toMatchObject({ reason: 'timed-out' });
    silent.close();
  });

  it('refuses a URL that is not one of Redis', () => {
    expect(() => RedisClient.open({ url: 'http://localhost', name: 'x', onError: () => undefined })).toThrow(TypeError);
  });
});
