import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, createMetricsRegistry, createOperationsServer, Health } from '../src/index.ts';
import { captureLogs } from '../src/testing/index.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function givenServer() {
  const registry = createMetricsRegistry({ defaultMetrics: false });
  const health = new Health({ cacheMs: 0 });
  const logs = captureLogs();
  server = createOperationsServer({ registry, health, logger: logs.logger });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init);
  return { registry, health, logs, ask };
}

describe('createOperationsServer', () => {
  it('200: live', async () => {
    const { ask } = await givenServer();
    const response = await ask('/livez');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ live: true });
  });

  it('200 or 503: ready as the checks say', async () => {
    const { ask, health } = await givenServer();
    let broken = false;
    health.addReadinessCheck('database', async () => {
      if (broken) throw new Error('postgres://ada:hunter2@db');
    });
    expect((await ask('/readyz')).status).toBe(200);
    broken = true;
    const response = await ask('/readyz?verbose');
    const body = await response.text();
    expect(response.status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ ready: false, checks: [{ name: 'database', ok: false }] });
    expect(body).not.toContain('hunter2');
  });

  it('200: metrics in the text format', async () => {
    const { ask, registry } = await givenServer();
    new Counter({ name: 'a_total', help: 'A.', registers: [registry] }).inc();
    const response = await ask('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await response.text()).toContain('a_total 1');
  });

  it('200: HEAD has the headers alone', async () => {
    const { ask } = await givenServer();
    const response = await ask('/livez', { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('13');
    expect(await response.text()).toBe('');
  });

  it.each(['POST', 'DELETE', 'OPTIONS'])('405: %s', async (method) => {
    const { ask } = await givenServer();
    const response = await ask('/metrics', { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it.each(['/', '/health', '/metrics/', '//', '/%zz', '/livez/../metrics/x'])('404: %s', async (path) => {
    const { ask } = await givenServer();
    expect((await ask(path)).status).toBe(404);
  });

  it('500: metrics that cannot be collected, told to the log alone', async () => {
    const { ask, registry, logs } = await givenServer();
    const metric = new Counter({ name: 'b_total', help: 'B.', registers: [registry] });
    metric.get = () => Promise.reject(new Error('broken collector'));
    const response = await ask('/metrics');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('broken');
    expect(logs.withMessage('operations request failed')).toHaveLength(1);
  });
});
