import { setTimeout as wait } from 'node:timers/promises';
import { LocalRateLimiter } from '@stowage/cache';
import { createMetricsRegistry, Gauge, Health, HttpMetrics, type Logger, type Registry } from '@stowage/observability';
import type { PgDb } from '@stowage/db';
import type { BlobStore } from '@stowage/storage';
import type { Express } from 'express';
import { v7 as newId } from 'uuid';
import { bucketRoutes } from './buckets/bucket-routes.ts';
import { BucketService } from './buckets/bucket-service.ts';
import { PgBucketRepository } from './buckets/pg-bucket-repository.ts';
import { CacheFence } from './cache-epoch/cache-fence.ts';
import { PgCacheEpochRepository } from './cache-epoch/pg-cache-epoch-repository.ts';
import { composeIdentity } from './compose-identity.ts';
import { composeObjects } from './compose-objects.ts';
import { openBlobStore, openCacheStore, openDb } from './compose-stores.ts';
import type { ApiSettings } from './config/api-config.ts';
import { ApiEvents } from './events/api-events.ts';
import { createExpressApp } from './express-app.ts';
import { healthRoutes } from './health/health-routes.ts';
import { addReadinessChecks } from './health/readiness-checks.ts';
import { createAuthenticate } from './http/authenticate.ts';
import { createLimitRate } from './http/rate-limit.ts';
import { bucketCodec } from './buckets/cached-bucket.ts';
import type { ObjectRepository } from './objects/object-repository.ts';
import { PgObjectRepository } from './objects/pg-object-repository.ts';

export interface ComposeOptions {
  readonly settings: ApiSettings;
  readonly log: Logger;
  readonly migrationsDirectory: string;
  /** What tests put around the stores. */
  readonly wrap?: {
    readonly blobs?: (blobs: BlobStore) => BlobStore;
    readonly objects?: (objects: ObjectRepository) => ObjectRepository;
  };
}

export interface Api extends AsyncDisposable {
  readonly app: Express;
  readonly health: Health;
  readonly registry: Registry;
}

/** How often the lease on the cache is renewed; well below its two seconds. */
const renewEveryMs = 500;

/** Builds everything, in order; disposing closes it in the reverse order. */
export async function composeApi({ settings, log, migrationsDirectory, wrap = {} }: ComposeOptions): Promise<Api> {
  await using opened = new AsyncDisposableStack();
  const registry = createMetricsRegistry();
  const events = new ApiEvents({ registry, log });
  const db = opened.use(openDb(settings, log));
  exportPoolStats(registry, db);
  const fence = new CacheFence({ epochs: new PgCacheEpochRepository(db), log, now: () => performance.now(), wait: (ms) => wait(ms) });
  const cache = openCacheStore(settings, log, fence);
  if (cache.client !== undefined) {
    opened.use(cache.client);
    await fence.renew();
    const renewing = setInterval(() => void fence.renew(), renewEveryMs);
    opened.defer(() => clearInterval(renewing));
  }
  const store = await openBlobStore(settings);
  const blobs = wrap.blobs?.(store) ?? store;
  const health = new Health({ onChange: (change) => log.warn({ check: change.name, ok: change.ok, err: change.error }, 'readiness changed') });
  addReadinessChecks(health, { db, blobs, migrationsDirectory });

  const bucketCache = cache.versionedCache({ prefix: 'bucket-1', codec: bucketCodec, absentLifetimeMs: 10_000 });
  const buckets = new BucketService({ buckets: new PgBucketRepository(db), cache: bucketCache, fence, events, newId });
  const identity = composeIdentity({ settings, db, cache, fence, events, buckets });
  const pgObjects = new PgObjectRepository(db);
  const objects = composeObjects({ settings, blobs, buckets, bucketCache, cache, fence, events, objects: wrap.objects?.(pgObjects) ?? pgObjects });

  const limits = { requestsPerMinute: settings.REQUESTS_PER_MINUTE, signInsPerMinute: settings.SIGN_INS_PER_MINUTE };
  const app = createExpressApp({
    routes: [...objects, ...bucketRoutes(buckets), ...identity.routes, ...healthRoutes(health)],
    gate: {
      authenticate: createAuthenticate(identity.credentials, allowedOrigins(settings)),
      limitRate: createLimitRate({ requests: new LocalRateLimiter(), signIns: cache.rateLimiter }, limits),
    },
    log,
    metrics: new HttpMetrics(registry),
    trustProxyHops: settings.TRUST_PROXY_HOPS,
    corsOrigins: settings.CORS_ORIGINS,
  });
  const resources = opened.move();
  return { app, health, registry, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** Origins whose pages may write with the session cookie. Without any, only the API's own pages may. */
function allowedOrigins({ PUBLIC_URL: publicUrl, CORS_ORIGINS: corsOrigins }: ApiSettings): ReadonlySet<string> {
  return new Set([...(publicUrl === undefined ? [] : [new URL(publicUrl).origin]), ...corsOrigins]);
}

function exportPoolStats(registry: Registry, db: PgDb): void {
  new Gauge({
    name: 'database_pool_connections',
    help: 'Connections of the database pool by state; `waiting` are callers without one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { total, idle, waiting, max } = db.stats;
      for (const [state, value] of Object.entries({ total, idle, waiting, max })) this.set({ state }, value);
    },
  });
}
