import {
  FallbackRateLimiter,
  LocalRateLimiter,
  LocalVersionedCache,
  RedisClient,
  RedisRateLimiter,
  RedisVersionedCache,
  type CacheEpoch,
  type RateLimiter,
  type VersionedCache,
  type VersionedCacheOptions,
} from '@stowage/cache';
import { PgDb, rdsIamPassword, type DatabaseConnection } from '@stowage/db';
import type { Logger } from '@stowage/observability';
import { FileBlobStore, S3BlobStore, type BlobStore } from '@stowage/storage';
import type { ApiSettings } from './config/api-config.ts';

/** Opens the database; connections are made when they are first needed. */
export function openDb(settings: ApiSettings, log: Logger): PgDb {
  const { DATABASE_READER_URL: readerUrl, DATABASE_POOL_MAX: poolMax } = settings;
  return PgDb.open({
    connection: databaseConnection(settings),
    ...(readerUrl !== undefined && { readerConnection: { url: readerUrl } }),
    applicationName: 'stowage-api',
    poolMax,
    onPoolError: (err) => log.warn({ err }, 'database connection lost'),
    onRecovery: (recovery) => log.warn({ ...recovery }, 'database work repeated'),
  });
}

/** How to reach the database: by URL, or by host with IAM authentication. */
export function databaseConnection(settings: ApiSettings): DatabaseConnection {
  const {
    DATABASE_URL: url,
    DATABASE_HOST: host,
    DATABASE_PORT: port,
    DATABASE_NAME: database,
    DATABASE_USER: user,
  } = settings;
  if (url !== undefined) return { url };
  if (host === undefined) throw new Error('readApiConfig lets no configuration without a database pass');
  return {
    host,
    port,
    database,
    user,
    password: rdsIamPassword({ host, port, user, region: settings.AWS_REGION }),
    tls: true,
  };
}

export async function openBlobStore(settings: ApiSettings): Promise<BlobStore> {
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint } = settings;
  if (bucket === undefined) return FileBlobStore.open({ directory: settings.BLOB_DIRECTORY });
  return S3BlobStore.open({
    bucket,
    region: settings.AWS_REGION,
    forcePathStyle: settings.S3_FORCE_PATH_STYLE,
    ...(endpoint !== undefined && { endpoint }),
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
  if (settings.REDIS_URL === undefined) {
    return { versionedCache: (options) => new LocalVersionedCache(options), rateLimiter: local, client: undefined };
  }
  const client = RedisClient.open({
    url: settings.REDIS_URL,
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
