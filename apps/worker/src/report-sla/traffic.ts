import { z } from 'zod';

const routeTraffic = z.object({
  method: z.string(),
  route: z.string(),
  requests: z.number(),
  /** Those that were answered with 5xx. */
  serverErrors: z.number(),
  /** How many took at most so many seconds, by that bound, such as `0.3`; `Infinity` has all. */
  buckets: z.record(z.string(), z.number()).readonly(),
});

/** The shape of {@link Traffic}, for checkpoints. */
export const trafficShape = z.object({
  /** Minutes in which at least one process of the API was measured. */
  coveredMinutes: z.number(),
  routes: z.array(routeTraffic).readonly(),
});

/** Requests of some time, by method and route. */
export type Traffic = z.output<typeof trafficShape>;

export type RouteTraffic = z.output<typeof routeTraffic>;

export const noTraffic: Traffic = { coveredMinutes: 0, routes: [] };

/** The traffic of two times together. */
export function addTraffic(one: Traffic, other: Traffic): Traffic {
  const routes = new Map<string, RouteTraffic>();
  for (const route of [...one.routes, ...other.routes]) {
    const name = `${route.method} ${route.route}`;
    const known = routes.get(name);
    routes.set(name, known === undefined ? route : addRoute(known, route));
  }
  return { coveredMinutes: one.coveredMinutes + other.coveredMinutes, routes: [...routes.values()] };
}

function addRoute(one: RouteTraffic, other: RouteTraffic): RouteTraffic {
  const buckets: Record<string, number> = { ...one.buckets };
  for (const [bound, count] of Object.entries(other.buckets)) buckets[bound] = (buckets[bound] ?? 0) + count;
  return {
    ...one,
    requests: one.requests + other.requests,
    serverErrors: one.serverErrors + other.serverErrors,
    buckets,
  };
}

/**
 * The seconds that this share of the requests did not exceed, as Prometheus estimates it: requests are spread evenly over
 * their bucket, and nothing is known beyond the last bound. Undefined without requests.
 */
export function findQuantile(buckets: RouteTraffic['buckets'], share: number): number | undefined {
  const sorted = sortBuckets(buckets);
  const total = sorted.at(-1)?.count ?? 0;
  if (total === 0) return undefined;
  const rank = share * total;
  let below = { bound: 0, count: 0 };
  for (const bucket of sorted) {
    if (bucket.count >= rank && bucket.count > below.count) {
      if (bucket.bound === Infinity) return below.bound;
      return below.bound + ((bucket.bound - below.bound) * (rank - below.count)) / (bucket.count - below.count);
    }
    below = bucket;
  }
  return below.bound;
}

/** The share of the requests that took at most so long; the seconds are one of the bounds. Undefined without requests. */
export function findShareWithin(buckets: RouteTraffic['buckets'], seconds: number): number | undefined {
  const total = sortBuckets(buckets).at(-1)?.count ?? 0;
  return total === 0 ? undefined : (buckets[String(seconds)] ?? 0) / total;
}

function sortBuckets(buckets: RouteTraffic['buckets']): readonly { readonly bound: number; readonly count: number }[] {
  return Object.entries(buckets)
    .map(([bound, count]) => ({ bound: Number(bound), count }))
    .sort((a, b) => a.bound - b.bound);
}
