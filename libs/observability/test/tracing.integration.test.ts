import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { Bundle } from './bundled-process.ts';
import type { BundledProcess } from './bundled-process.ts';
import { Collector } from './collector.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const ALB_TRACE = '1-67891233-abcdef012345678912345678';

let bundle: Bundle;
beforeAll(async () => {
  for (const name of ['TEST_DATABASE_URL', 'TEST_REDIS_URL']) expect(process.env[name]).toBeDefined();
  bundle = await Bundle.of('telemetry', 'traced-app', 'record-packages');
});
afterAll(() => bundle[Symbol.asyncDispose]());

function startApp(endpoint: string | undefined, preload: readonly string[] = ['telemetry']): BundledProcess {
  return bundle.run('traced-app', { preload, env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint ?? '' } });
}

async function get(app: BundledProcess, path: string, headers: Record<string, string> = {}): Promise<void> {
  const { port } = await app.line('listening');
  const response = await fetch(`http://127.0.0.1:${String(port)}${path}`, { headers });
  expect(await response.text()).toBe('ok');
}

async function stop(app: BundledProcess): Promise<number | null> {
  app.signal('SIGTERM');
  return app.exitCode();
}

describe('tracing of a bundled app', () => {
  it('sends http, pg and redis spans of one trace, and puts its id into the log', async () => {
    await using collector = await Collector.start();
    await using app = startApp(collector.url);
    await get(app, '/hunter2.png', {
      traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
      'x-amzn-trace-id': `Root=${ALB_TRACE}`,
    });
    expect(await stop(app)).toBe(0);
    expect(app.stderr).toBe('');

    const server = collector.spans.find(({ attributes }) => attributes['http.route'] === '/files/:name');
    expect(server).toMatchObject({ scope: 'http', name: 'GET /files/:name', traceId: TRACE });
    expect(server?.attributes).toMatchObject({ 'aws.alb.trace_id': ALB_TRACE });
    expect(server?.resource).toMatchObject({ 'service.name': 'traced-app', 'service.version': '1.2.3' });
    const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === server?.spanId);
    // `http` here is the outgoing request of code that imported `request` by name, seen through the loader hook.
    expect(below.map(({ scope }) => scope).sort()).toEqual(['http', 'pg', 'pg', 'redis']);
    expect(await app.line('file served')).toMatchObject({ trace_id: TRACE, span_id: server?.spanId });
  });

  it('carries no path, query, value or key', async () => {
    await using collector = await Collector.start();
    await using app = startApp(collector.url);
    await get(app, '/hunter2.png?token=hunter2', { cookie: 'sid=hunter2', authorization: 'Bearer hunter2' });
    await stop(app);
    expect(collector.spans.length).toBeGreaterThanOrEqual(4);
    expect(collector.raw).not.toContain('hunter2');
    expect(collector.raw).not.toContain('planted:');
  });

  it('does not trace probes', async () => {
    await using collector = await Collector.start();
    await using app = startApp(collector.url);
    await get(app, '/health');
    await stop(app);
    expect(collector.spans).toEqual([]);
  });

  it('serves and ends with code 0 when the collector refuses connections', async () => {
    await using app = startApp('http://127.0.0.1:1');
    await get(app, '/a.png');
    expect(await stop(app)).toBe(0);
    expect(app.stderr).toBe('');
  });

  it('serves and ends with code 0 when the collector never answers', async () => {
    await using collector = await Collector.start({ silent: true });
    await using app = startApp(collector.url);
    await get(app, '/a.png');
    expect(await stop(app)).toBe(0);
    expect(app.stderr).toBe('');
    expect(collector.requests).toBeGreaterThan(0);
  });

  it('loads OpenTelemetry only with an endpoint', async () => {
    const preload = ['record-packages', 'telemetry'];
    await using collector = await Collector.start();
    await using traced = startApp(collector.url, preload);
    await using untraced = startApp(undefined, preload);
    for (const app of [traced, untraced]) {
      await get(app, '/a.png');
      expect(await stop(app)).toBe(0);
    }
    expect((await traced.line('loaded')).packages).toContain('@opentelemetry/sdk-trace');
    expect((await untraced.line('loaded')).packages).toEqual([]);
    expect(await untraced.line('file served')).not.toHaveProperty('trace_id');
  });

  it('bundles a preload that imports only what tracing needs', async () => {
    const source = await readFile(bundle.path('telemetry'), 'utf8');
    expect(source).toContain('import("@opentelemetry/instrumentation-pg")');
    const loadedAtOnce = [...source.matchAll(/^import .*["'](.+)["'];$/gm)].map(([, name]) => name);
    expect(loadedAtOnce.filter((name) => !name?.startsWith('node:'))).toEqual([]);
  });
});
