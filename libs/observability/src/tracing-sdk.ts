import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { createRequestFilter } from './request-sampling.ts';
import { parseAlbTraceId } from './request-id.ts';
import { withholdSpanData } from './span-redaction.ts';
import type { TracingHandle, TracingOptions } from './tracing.ts';

type SdkOptions = TracingOptions & { readonly endpoint: string };

/**
 * Sets OpenTelemetry JS 3.x up by hand; its `sdk-node` would bring gRPC and Zipkin along. Every package is imported
 * dynamically, because a bundler lifts static imports of external packages to the top of the bundle, and they would be
 * loaded with tracing off as well.
 */
export async function startSdk(options: SdkOptions): Promise<TracingHandle> {
  await registerLoaderHooks();
  const { context, propagation, trace } = await import('@opentelemetry/api');
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { AlwaysOnSampler, ParentBasedSampler, TracerProvider } = await import('@opentelemetry/sdk-trace');
  const { serviceName, serviceVersion, attributes } = options;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      ...attributes,
      'service.name': serviceName,
      ...(serviceVersion === undefined ? {} : { 'service.version': serviceVersion }),
    }),
    // Which requests are recorded is decided before there is a span, see request-sampling.ts.
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [await createProcessor(options)],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // X-Ray accepts W3C trace ids, so no propagator or id generator of its own is needed.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  await instrument(options);
  return {
    currentTrace: () => {
      const ids = trace.getActiveSpan()?.spanContext();
      return ids && { traceId: ids.traceId, spanId: ids.spanId };
    },
    setRoute: (method, route) =>
      void trace.getActiveSpan()?.setAttribute('http.route', route).updateName(`${method} ${route}`),
    shutdown: () => provider.shutdown(),
  };
}

async function createProcessor(options: SdkOptions): Promise<SpanProcessor> {
  const { SpanKind } = await import('@opentelemetry/api');
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { endpoint, exportTimeoutMs = 1_000, exportDelayMs = 2_000 } = options;
  const batches = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({
      url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
      timeoutMillis: exportTimeoutMs,
    }),
    exportTimeoutMillis: exportTimeoutMs,
    scheduledDelayMillis: exportDelayMs,
  });
  return {
    onStart: (span, parent) => batches.onStart(span, parent),
    onEnd: (span) => {
      // What the process does for itself, such as reconnecting to Redis, belongs to no request.
      if (span.kind === SpanKind.CLIENT && !span.parentSpanContext) return;
      withholdSpanData(span);
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
}

async function instrument(options: SdkOptions): Promise<void> {
  const { registerInstrumentations } = await import('@opentelemetry/instrumentation');
  const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
  const { PgInstrumentation } = await import('@opentelemetry/instrumentation-pg');
  const { RedisInstrumentation } = await import('@opentelemetry/instrumentation-redis');
  registerInstrumentations({
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: createRequestFilter(options),
        requireParentforOutgoingSpans: true,
        startIncomingSpanHook: (request) => {
          const traceId = parseAlbTraceId(request.headers['x-amzn-trace-id']);
          return traceId === undefined ? {} : { 'aws.alb.trace_id': traceId };
        },
      }),
      new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
      // Keys and values of commands may be anybody's data.
      new RedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
    ],
  });
}

/**
 * What is loaded by `import` rather than `require` is seen only through loader hooks. These run in this thread, which takes
 * 30 MiB and half a second less than the second thread of `module.register`, and only for what is instrumented.
 */
async function registerLoaderHooks(): Promise<void> {
  const main = pathToFileURL(process.argv[1] ?? `${process.cwd()}/`);
  const instrumentation = createRequire(main).resolve('@opentelemetry/instrumentation');
  // The very copy that OpenTelemetry uses, else the two would not meet.
  const hooksFile = createRequire(instrumentation).resolve('import-in-the-middle/register-hooks.mjs');
  const hooks = (await import(pathToFileURL(hooksFile).href)) as LoaderHooks;
  if (!hooks.supportsSyncHooks()) throw new Error(`tracing needs Node 24.11.1 or later, this is ${process.version}`);
  hooks.register({ include: ['http', 'https', 'node:http', 'node:https', 'pg', 'redis'] });
}

interface LoaderHooks {
  supportsSyncHooks(): boolean;
  register(options: { readonly include: readonly string[] }): void;
}
