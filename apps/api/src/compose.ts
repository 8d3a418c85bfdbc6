import { setTimeout as wait } from 'node:timers/promises';
import { LocalRateLimiter } from '@stowage/cache';
import { createMetricsRegistry, Gauge, Health, HttpMetrics, type Logger, type Registry } from '@stowage/observability';
import type { PgDb } from '@stowage/db';
import { openBlobStore, type BlobStore } from '@stowage/storage';
import type { Express } from 'express';
import { bucketRoutes } from './buckets/bucket-routes.ts';
import { BucketService } from './buckets/bucket-service.ts';
import { PgBucketRepository } from './buckets/pg-bucket-repository.ts';
import { CacheFence } from './cache-epoch/cache-fence.ts';
import { PgCacheEpochRepository } from './cache-epoch/pg-cache-epoch-repository.ts';
import { composeIdentity } from './compose-identity.ts';
import { composeObjects } from './compose-objects.ts';
import { openCacheStore, openDb, type CacheStore } from './compose-stores.ts';
import type { ApiSettings } from './config/api-config.ts';
import { ApiEvents } from './events/api-events.ts';
import { createExpressApp } from './express-app.ts';
import { healthRoutes } from './health/health-routes.ts';
import { addReadinessChecks } from './health/readiness-checks.ts';
import { createAuthenticate, type Credentials } from './http/authenticate.ts';
import { createErrorHandler } from './http/error-handler.ts';
import type { PublicServerOptions } from './http-server.ts';
import { withIdempotency } from './http/idempotent-route.ts';
import { createLimitRate } from './http/rate-limit.ts';
import { bucketCodec } from './buckets/cached-bucket.ts';
import type { Route } from './http/route.ts';
import type { IdempotencyRepository } from './idempotency/idempotency-repository.ts';
import { IdempotentRequests } from './idempotency/idempotent-requests.ts';
import { PgIdempotencyRepository } from './idempotency/pg-idempotency-repository.ts';
import { RequestDraws } from './idempotency/request-draws.ts';
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
    readonly idempotencyKeys?: (keys: IdempotencyRepository) => IdempotencyRepository;
  };
}

export interface Api extends AsyncDisposable {
  readonly app: Express;
  readonly serverOptions: PublicServerOptions;
  readonly health: Health;
  readonly registry: Registry;
}

/** How often the lease on the cache is renewed; well below its two seconds. */
const renewEveryMs = 500;

/** Builds everything, in order; disposing closes it in the reverse order. */
export async function composeApi(options: ComposeOptions): Promise<Api> {
  const { settings, log } = options;
  await using opened = new AsyncDisposableStack();
  const registry = createMetricsRegistry();
  const stores = await openStores(options, registry, opened);
  const health = new Health({
    onChange: ({ name, ok, error }) => log.warn({ check: name, ok, err: error }, 'readiness changed'),
  });
  addReadinessChecks(health, { ...stores, migrationsDirectory: options.migrationsDirectory });
  const draws = new RequestDraws();
  const { routes, credentials } = composeFeatures(settings, { ...stores, draws }, new ApiEvents({ registry, log }));
  const limits = { requestsPerMinute: settings.REQUESTS_PER_MINUTE, signInsPerMinute: settings.SIGN_INS_PER_MINUTE };
  const idempotency = new IdempotentRequests({
    keys: stores.idempotencyKeys,
    draws,
    now: draws.now,
    newId: draws.newId,
  });
  const answerProblem = createErrorHandler(log);
  const metrics = new HttpMetrics(registry);
  const app = createExpressApp({
    routes: [...routes, ...healthRoutes(health)].map((route) => withIdempotency(route, { idempotency, answerProblem })),
    gate: {
      authenticate: createAuthenticate(credentials, allowedOrigins(settings)),
      limitRate: createLimitRate({ requests: new LocalRateLimiter(), signIns: stores.cache.rateLimiter }, limits),
    },
    log,
    metrics,
    trustProxyHops: settings.TRUST_PROXY_HOPS,
    corsOrigins: settings.CORS_ORIGINS,
  });
  const resources = opened.move();
  const serverOptions = {
    maxConnections: settings.MAX_CONNECTIONS,
    onDropped: () => metrics.droppedConnections.inc(),
  };
  return { app, serverOptions, health, registry, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

interface Stores {
  readonly db: PgDb;
  readonly blobs: BlobStore;
  readonly objects: ObjectRepository;
  readonly idempotencyKeys: IdempotencyRepository;
  readonly cache: CacheStore;
  readonly fence: CacheFence;
}

async function openStores(
  { settings, log, wrap = {} }: ComposeOptions,
  registry: Registry,
  opened: AsyncDisposableStack,
): Promise<Stores> {
  const db = opened.use(openDb(settings, log));
  exportPoolStats(registry, db);
  const fence = new CacheFence({
    epochs: new PgCacheEpochRepository(db),
    log,
    now: () => performance.now(),
    wait: (ms) => wait(ms),
  });
  const cache = openCacheStore(settings, log, fence);
  if (cache.client !== undefined) {
    opened.use(cache.client);
    await fence.renew();
    const renewing = setInterval(() => void fence.renew(), renewEveryMs);
    opened.defer(() => clearInterval(renewing));
  }
  const blobs = opened.use(await openBlobStore(settings));
  const objects = new PgObjectRepository(db);
  const idempotencyKeys = new PgIdempotencyRepository(db);
  return {
    ...{ db, cache, fence, blobs: wrap.blobs?.(blobs) ?? blobs, objects: wrap.objects?.(objects) ?? objects },
    idempotencyKeys: wrap.idempotencyKeys?.(idempotencyKeys) ?? idempotencyKeys,
  };
}

function composeFeatures(
  settings: ApiSettings,
  stores: Stores & { readonly draws: RequestDraws },
  events: ApiEvents,
): { routes: readonly Route[]; credentials: Credentials } {
  const { db, cache, fence, draws } = stores;
  const bucketCache = cache.versionedCache({ prefix: 'bucket-1', codec: bucketCodec, absentLifetimeMs: 10_000 });
  const buckets = new BucketService({
    ...{ buckets: new PgBucketRepository(db), cache: bucketCache, fence, events, newId: draws.newId },
  });
  const identity = composeIdentity({ settings, db, cache, fence, events, buckets, draws });
  const objectRoutes = composeObjects({ settings, ...stores, buckets, bucketCache, events });
  return { routes: [...objectRoutes, ...bucketRoutes(buckets), ...identity.routes], credentials: identity.credentials };
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
