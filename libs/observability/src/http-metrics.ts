import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** Route of requests that matched none. */
export const UNMATCHED_ROUTE = 'unmatched';

/** Methods by RFC 9110 and 5789 that get a label of their own; all others are `other`. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OTHER = 'other';
const MAX_ROUTE_LENGTH = 200;
const LABELS = ['method', 'route', 'code'] as const;

/** A request that is over. */
export interface HttpObservation {
  readonly method: string;
  /** The template that matched, such as `/v1/buckets/:bucket`, or {@link UNMATCHED_ROUTE}; never the path. */
  readonly route: string;
  /** The status answered; 499 where the client left before it was. */
  readonly status: number;
  readonly durationSeconds: number;
  /** Bytes of the request's body. */
  readonly requestBytes?: number;
  /** Bytes of the response's body. */
  readonly responseBytes?: number;
}

/** Options of {@link HttpMetrics}. */
export interface HttpMetricsOptions {
  /**
   * Upper bounds of the duration buckets in seconds. A latency objective is exact only where it is a bound.
   * @default [0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10]
   */
  readonly buckets?: readonly number[];
  /**
   * Most routes told apart; requests of further ones are counted under the route `other`.
   * @default 200
   */
  readonly maxRoutes?: number;
  /**
   * Routes whose series for 2xx and 5xx exist from the start, at zero, so that rates and ratios are right for the
   * first failure.
   * @default none
   */
  readonly routes?: readonly { readonly method: string; readonly route: string }[];
}

interface RouteSeries {
  readonly byStatus: Map<number, StatusSeries>;
  readonly requestBytes: Counter.Internal;
  readonly responseBytes: Counter.Internal;
}

interface StatusSeries {
  readonly requests: Counter.Internal;
  readonly duration: Histogram.Internal<string>;
}

/**
 * Rate, errors and duration of HTTP requests, by method, route template and status:
 *
 * - `http_requests_total{method,route,code}`, `code` the exact status
 * - `http_request_duration_seconds{method,route,code}`, `code` the class (`2xx`), to keep buckets few
 * - `http_request_body_bytes_total{method,route}` and `http_response_body_bytes_total{method,route}`
 * - `http_requests_in_flight`
 * - `http_dropped_connections_total`
 *
 * The number of series is bounded whatever callers send: unknown methods and statuses, and routes beyond `maxRoutes`, share
 * one series each. Handles of series are cached, which makes an observation cost about a microsecond.
 */
export class HttpMetrics {
  /** Requests being served. */
  readonly inFlight: { inc(): void; dec(): void };
  /** Connections that were closed at once because there were too many. */
  readonly droppedConnections: { inc(): void };

  readonly #requests: Counter<(typeof LABELS)[number]>;
  readonly #duration: Histogram<(typeof LABELS)[number]>;
  readonly #requestBytes: Counter<'method' | 'route'>;
  readonly #responseBytes: Counter<'method' | 'route'>;
  readonly #maxRoutes: number;
  readonly #routes = new Map<string, Map<string, RouteSeries>>();

  constructor(registry: Registry, options: HttpMetricsOptions = {}) {
    const { buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10], maxRoutes = 200, routes = [] } = options;
    const registers = [registry];
    this.#maxRoutes = maxRoutes;
    this.#requests = new Counter({
      name: 'http_requests_total',
      help: 'HTTP requests answered, by exact status.',
      labelNames: LABELS,
      registers,
    });
    this.#duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its response, by class of status.',
      labelNames: LABELS,
      buckets: [...buckets],
      registers,
    });
    const byRoute = { labelNames: ['method', 'route'] as const, registers };
    this.#requestBytes = new Counter({
      name: 'http_request_body_bytes_total',
      help: 'Bytes received in bodies of HTTP requests.',
      ...byRoute,
    });
    this.#responseBytes = new Counter({
      name: 'http_response_body_bytes_total',
      help: 'Bytes sent in bodies of HTTP responses.',
      ...byRoute,
    });
    this.inFlight = createInFlightGauge(registry);
    this.droppedConnections = new Counter({
      name: 'http_dropped_connections_total',
      help: 'Connections closed at once because there were too many.',
      registers,
    });
    for (const { method, route } of routes) this.#expect(method, route);
  }

  /** Counts one request that is over. */
  observe(request: HttpObservation): void {
    const series = this.#seriesOf(request.method, request.route);
    const { requests, duration } = series.byStatus.get(request.status) ?? this.#addStatus(series, request);
    requests.inc();
    duration.observe(request.durationSeconds);
    if (request.requestBytes) series.requestBytes.inc(request.requestBytes);
    if (request.responseBytes) series.responseBytes.inc(request.responseBytes);
  }

  #expect(method: string, route: string): void {
    this.#seriesOf(method, route);
    const labels = { method: methodLabel(method), route: this.#routeLabel(route) };
    for (const code of ['2xx', '5xx']) this.#duration.zero({ ...labels, code });
  }

  #seriesOf(method: string, route: string): RouteSeries {
    return this.#routes.get(route)?.get(method) ?? this.#addRoute(methodLabel(method), this.#routeLabel(route));
  }

  #routeLabel(route: string): string {
    if (this.#routes.has(route)) return route;
    if (route === OTHER || route === UNMATCHED_ROUTE) return route;
    return route.length <= MAX_ROUTE_LENGTH && this.#routes.size < this.#maxRoutes ? route : OTHER;
  }

  #addRoute(method: string, route: string): RouteSeries {
    const byMethod = this.#routes.get(route) ?? new Map<string, RouteSeries>();
    this.#routes.set(route, byMethod);
    const known = byMethod.get(method);
    if (known) return known;
    const series: RouteSeries = {
      byStatus: new Map(),
      requestBytes: this.#requestBytes.labels(method, route),
      responseBytes: this.#responseBytes.labels(method, route),
    };
    byMethod.set(method, series);
    return series;
  }

  #addStatus(series: RouteSeries, { method, route, status }: HttpObservation): StatusSeries {
    const valid = Number.isInteger(status) && status >= 100 && status <= 599;
    const labels = [methodLabel(method), this.#routeLabel(route)] as const;
    const added: StatusSeries = {
      requests: this.#requests.labels(...labels, valid ? String(status) : OTHER),
      duration: this.#duration.labels(...labels, valid ? `${Math.floor(status / 100)}xx` : OTHER),
    };
    if (valid) series.byStatus.set(status, added);
    return added;
  }
}

function methodLabel(method: string): string {
  return METHODS.has(method) ? method : OTHER;
}

function createInFlightGauge(registry: Registry): { inc(): void; dec(): void } {
  let inFlight = 0;
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'HTTP requests being served.',
    registers: [registry],
    collect() {
      this.set(inFlight);
    },
  });
  return { inc: () => void (inFlight += 1), dec: () => void (inFlight -= 1) };
}
