import { setTimeout as delay } from 'node:timers/promises';

/** Options of {@link startTracing}. */
export interface TracingOptions {
  /** `service.name` of every span. */
  readonly serviceName: string;
  /**
   * `service.version` of every span.
   * @default no such attribute
   */
  readonly serviceVersion?: string;
  /**
   * Base URL of an OTLP/HTTP collector, such as `http://localhost:4318`; `/v1/traces` is added.
   * @default tracing is off
   */
  readonly endpoint?: string | undefined;
  /**
   * Share of requests that are recorded, 0 to 1.
   * @default 0.1
   */
  readonly ratio?: number;
  /**
   * Whether the sampled flag of an incoming `traceparent` replaces `ratio`. Only behind callers that are ours: anybody
   * else could have every request recorded.
   * @default false
   */
  readonly trustIncomingSampling?: boolean;
  /**
   * Paths of incoming requests that are never recorded.
   * @default ['/health', '/livez', '/readyz', '/metrics']
   */
  readonly ignoredPaths?: readonly string[];
  /**
   * Further resource attributes, such as `deployment.environment.name`.
   * @default none
   */
  readonly attributes?: Readonly<Record<string, string>>;
  /**
   * Deadline of one export, in milliseconds.
   * @default 1000
   */
  readonly exportTimeoutMs?: number;
  /**
   * How long spans are collected before they are sent, in milliseconds.
   * @default 2000
   */
  readonly exportDelayMs?: number;
}

/** Where a line of code is in a trace. */
export interface TraceIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** What the running tracing offers; kept in one place of the process, see {@link HANDLE}. */
export interface TracingHandle {
  currentTrace(): TraceIds | undefined;
  setRoute(method: string, route: string): void;
  shutdown(): Promise<void>;
}

/**
 * The preload and the app are bundled apart, so each has its own copy of this module; they meet at this symbol of the
 * global object, as `@opentelemetry/api` does.
 */
const HANDLE = Symbol.for('stowage.observability.tracing');
const shared = globalThis as { [HANDLE]?: TracingHandle | undefined };

/**
 * Starts OpenTelemetry for `node:http`, `pg` and `redis`. Await it in a module loaded by `node --import`, before the app loads
 * these packages. They must stay outside the bundle, since what is bundled cannot be instrumented.
 *
 * Without an endpoint it loads nothing of OpenTelemetry's SDK and answers `off`. Rejects if the packages are missing or
 * Node is older than 24.11.1, which lacks the loader hooks.
 */
export async function startTracing(options: TracingOptions): Promise<'started' | 'off'> {
  const { endpoint } = options;
  if (endpoint === undefined || endpoint === '') return 'off';
  if (shared[HANDLE]) return 'started';
  const { startSdk } = await import('./tracing-sdk.ts');
  shared[HANDLE] = await startSdk({ ...options, endpoint });
  return 'started';
}

/**
 * Sends what is left and stops recording. Never rejects and takes at most `timeoutMs`, whether the collector answers,
 * refuses or is silent: losing spans is better than losing the shutdown.
 *
 * @param timeoutMs default 1000
 */
export async function stopTracing(timeoutMs = 1_000): Promise<void> {
  const handle = shared[HANDLE];
  if (!handle) return;
  shared[HANDLE] = undefined;
  const timer = new AbortController();
  const late = delay(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([handle.shutdown().catch(() => undefined), late]);
  timer.abort();
}

/** Whether {@link startTracing} has started it. */
export function isTracing(): boolean {
  return shared[HANDLE] !== undefined;
}

/** The ids of the trace that the running code belongs to; undefined if it is not recorded. */
export function currentTrace(): TraceIds | undefined {
  return shared[HANDLE]?.currentTrace();
}

/** Names the span of the running request by its route template, as its path is never recorded. */
export function setTraceRoute(method: string, route: string): void {
  shared[HANDLE]?.setRoute(method, route);
}
