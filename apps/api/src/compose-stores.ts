import {
  FallbackRateLimiter,
  LocalRateLimiter,
  LocalVersionedCache,
  redisConnection,
  RedisClient,
  RedisRateLimiter,
  RedisVersionedCache,
  type CacheEpoch,
  type RateLimiter,
  type VersionedCache,
  type VersionedCacheOptions,
} from '@stowage/cache';
import { databaseConnection, PgDb, readerConnection } from '@stowage/db';
import type { Logger } from '@stowage/observability';
import type { ApiSettings } from './config/api-config.ts';

/** Opens the database; connections are made when they are first needed. */
export function openDb(settings: ApiSettings, log: Logger): PgDb {
  const reader = readerConnection(settings);
  return PgDb.open({
    connection: databaseConnection(settings),
    ...(reader !== undefined && { readerConnection: reader }),
    applicationName: 'stowage-api',
    poolMax: settings.DATABASE_POOL_MAX,
    onPoolError: (err) => log.warn({ err }, 'database connection lost'),
    onRecovery: (recovery) => log.warn({ ...recovery }, 'database work repeated'),
  });
}

/**
 * How long what was read is believed without asking again. A process killed between a commit and its publication has
 * answered nobody, but what it changed is served as it was for this long.
 */
const lifetimeMs = 60_000;

/** The cache of all processes in Redis, or, with one process and no Redis, one in its memory. */
export interface CacheStore {
  versionedCache<V>(options: VersionedCacheOptions<V>): VersionedCache<V>;
  /** Shared by all processes; goes on by process while Redis is away. */
  readonly rateLimiter: RateLimiter;
  readonly client: RedisClient | undefined;
}

export function openCacheStore(
  settings: ApiSettings,
  log: Logger,
  fence: CacheEpoch & { reconnected(): void },
): CacheStore {
  const local = new LocalRateLimiter();
  const connection = redisConnection(settings);
  if (connection === undefined) {
    return { versionedCache: (options) => new LocalVersionedCache(options), rateLimiter: local, client: undefined };
  }
  const client = RedisClient.open({
    ...connection,
    name: 'stowage-api',
    onError: (err) => log.warn({ err }, 'cache unavailable'),
  });
  let connectedBefore = false;
  client.onConnect(() => {
    if (connectedBefore) fence.reconnected();
    connectedBefore = true;
  });
  return {
    versionedCache: (options) => new RedisVersionedCache({ lifetimeMs, ...options, client, epoch: fence }),
    rateLimiter: new FallbackRateLimiter(new RedisRateLimiter({ client }), local),
    client,
  };
}
