import { randomUUID } from 'node:crypto';
import { afterAll, afterEach } from '@jest/globals';
import { RedisClient } from '../src/redis-client.ts';
import type { RedisClientOptions } from '../src/redis-client.ts';
import { replyItems } from '../src/redis-connection.ts';

/** Address of the Redis all tests use together. */
export function redisUrl(): string {
  return required('TEST_REDIS_URL');
}

/** Path of redis-server, for tests that freeze and kill one. */
export function redisExecutable(): string {
  return required('TEST_REDIS_SERVER');
}

/** A prefix nobody else uses. */
export function givenPrefix(): string {
  return `test-${randomUUID()}`;
}

const open: RedisClient[] = [];
const closeAll = async (): Promise<void> => {
  await Promise.all(open.splice(0).map((client) => client.close()));
};
afterEach(closeAll);
afterAll(closeAll);

/** So long that no busy machine makes Redis miss them: a deadline that is to pass is the test's own. */
const patience = { connectTimeoutMs: 60_000, commandTimeoutMs: 60_000 };

/** A client, closed after the test. */
export function givenClient(options: Partial<RedisClientOptions> = {}): RedisClient {
  const client = RedisClient.open({ url: redisUrl(), name: 'test', onError: () => undefined, ...patience, ...options });
  open.push(client);
  return client;
}

/** A client that is ready. */
export async function givenReadyClient(options: Partial<RedisClientOptions> = {}): Promise<RedisClient> {
  const ready = Promise.withResolvers<undefined>();
  const client = givenClient({ ...options, onReady: () => ready.resolve(undefined) });
  await ready.promise;
  return client;
}

/** Deletes what has the prefix, as the end of its lifetime would. */
export async function expireAll(client: RedisClient, prefix: string): Promise<void> {
  const keys = replyItems(await client.send(['KEYS', `${prefix}*`])).map(String);
  if (keys.length > 0) await client.send(['DEL', ...keys]);
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set. Run the tests through Nx: npx nx test-integration cache`);
  return value;
}
