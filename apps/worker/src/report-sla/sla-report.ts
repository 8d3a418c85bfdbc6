import type { SlaMonth } from './sla-month.ts';
import { findQuantile, findShareWithin, type RouteTraffic, type Traffic } from './traffic.ts';

/** How fast one route answered; undefined values are unknown, as nobody asked. */
export interface RouteReport {
  readonly method: string;
  readonly route: string;
  readonly requests: number;
  readonly serverErrors: number;
  readonly p50Seconds: number | undefined;
  readonly p99Seconds: number | undefined;
  /** Share of the requests that took at most 0.3 s, the objective of what only touches metadata. */
  readonly within300Ms: number | undefined;
  /** Share of the requests that took at most 1 s. */
  readonly within1S: number | undefined;
}

/** How the API did in a month. It says nothing of when it was written, so that the same data makes the same report. */
export interface SlaReport {
  readonly month: string;
  readonly from: Date;
  readonly until: Date;
  readonly availability: {
    readonly requests: number;
    /** Requests answered with 5xx. */
    readonly serverErrors: number;
    /** Share of the requests that were not answered with 5xx; undefined without requests. */
    readonly ratio: number | undefined;
  };
  /** By method and route. */
  readonly latency: readonly RouteReport[];
  readonly data: {
    readonly minutes: number;
    /** Minutes in which nothing was measured: nobody knows how the API did. */
    readonly missingMinutes: number;
  };
}

const minuteMs = 60_000;

export function minutesOf({ start, end }: SlaMonth): number {
  return (end.getTime() - start.getTime()) / minuteMs;
}

export function makeSlaReport(month: SlaMonth, { coveredMinutes, routes }: Traffic): SlaReport {
  const requests = sumOf(routes, (route) => route.requests);
  const serverErrors = sumOf(routes, (route) => route.serverErrors);
  const minutes = minutesOf(month);
  return {
    month: month.name,
    from: month.start,
    until: month.end,
    availability: {
      requests: Math.round(requests),
      serverErrors: Math.round(serverErrors),
      ratio: requests === 0 ? undefined : round(1 - serverErrors / requests),
    },
    latency: routes.map(toRouteReport).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    data: { minutes, missingMinutes: minutes - coveredMinutes },
  };
}

function toRouteReport({ method, route, requests, serverErrors, buckets }: RouteTraffic): RouteReport {
  return {
    ...{ method, route, requests: Math.round(requests), serverErrors: Math.round(serverErrors) },
    p50Seconds: round(findQuantile(buckets, 0.5)),
    p99Seconds: round(findQuantile(buckets, 0.99)),
    within300Ms: round(findShareWithin(buckets, 0.3)),
    within1S: round(findShareWithin(buckets, 1)),
  };
}

function nameOf({ method, route }: RouteReport): string {
  return `${route} ${method}`;
}

function sumOf(routes: readonly RouteTraffic[], valueOf: (route: RouteTraffic) => number): number {
  return routes.reduce((sum, route) => sum + valueOf(route), 0);
}

/** To six digits behind the point: more are noise. */
function round<T extends number | undefined>(value: T): T | number {
  return value === undefined ? value : Math.round(value * 1e6) / 1e6;
}
