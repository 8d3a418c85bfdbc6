import { describe, expect, it } from '@jest/globals';
import { HttpMetrics, UNMATCHED_ROUTE } from './http-metrics.ts';
import type { HttpMetricsOptions } from './http-metrics.ts';
import { createMetricsRegistry } from './metrics-registry.ts';

function givenMetrics(options: HttpMetricsOptions = {}) {
  const registry = createMetricsRegistry({ defaultMetrics: false });
  const metrics = new HttpMetrics(registry, options);
  const series = async () =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { metrics, series, text: () => registry.metrics() };
}

const request = { method: 'GET', route: '/v1/buckets/:bucket', status: 200, durationSeconds: 0.02 };

describe('HttpMetrics', () => {
  it('counts requests by exact status and times them by class', async () => {
    const { metrics, text } = givenMetrics();
    metrics.observe({ ...request, requestBytes: 10, responseBytes: 300 });
    metrics.observe({ ...request, status: 206, responseBytes: 50 });
    metrics.observe({ ...request, status: 429 });
    const output = await text();
    const labels = 'method="GET",route="/v1/buckets/:bucket"';
    expect(output).toContain(`http_requests_total{${labels},code="200"} 1`);
    expect(output).toContain(`http_requests_total{${labels},code="429"} 1`);
    expect(output).toContain(`http_request_duration_seconds_count{${labels},code="2xx"} 2`);
    expect(output).toContain(`http_request_duration_seconds_bucket{le="0.01",${labels},code="2xx"} 0`);
    expect(output).toContain(`http_request_duration_seconds_bucket{le="0.025",${labels},code="2xx"} 2`);
    expect(output).toContain(`http_request_duration_seconds_count{${labels},code="4xx"} 1`);
    expect(output).toContain(`http_request_body_bytes_total{${labels}} 10`);
    expect(output).toContain(`http_response_body_bytes_total{${labels}} 350`);
  });

  it('has a bucket at each latency objective', async () => {
    const { metrics, text } = givenMetrics();
    metrics.observe(request);
    const output = await text();
    for (const bound of ['0.3', '1']) expect(output).toContain(`le="${bound}"`);
  });

  it('keeps its number of series whatever clients send', async () => {
    const { metrics, series } = givenMetrics();
    const hostile = (index: number) => {
      metrics.observe({ ...request, method: `M${index}`, status: index < 100 ? index : 10_000 + index });
      metrics.observe({ ...request, route: UNMATCHED_ROUTE, status: 404 });
      metrics.observe({ ...request, method: 'get' });
      metrics.observe({ ...request, status: 200.5 });
    };
    for (let index = 0; index < 10; index += 1) hostile(index);
    const before = await series();
    for (let index = 10; index < 1_010; index += 1) hostile(index);
    expect((await series()).length).toBe(before.length);
    expect(before.some((line) => line.includes('method="other"'))).toBe(true);
    expect(before.some((line) => line.includes('code="other"'))).toBe(true);
  });

  it('survives a caller that passes paths for routes', async () => {
    const { metrics, series } = givenMetrics({ maxRoutes: 5 });
    for (let index = 0; index < 1_000; index += 1) metrics.observe({ ...request, route: `/v1/objects/${index}` });
    metrics.observe({ ...request, route: 'x'.repeat(201) });
    const counts = (await series()).filter((line) => line.startsWith('http_requests_total'));
    expect(counts).toHaveLength(6);
    expect(counts).toContain('http_requests_total{method="GET",route="other",code="200"} 996');
  });

  it('has expected routes at zero from the start', async () => {
    const { text } = givenMetrics({ routes: [{ method: 'PUT', route: '/v1/a' }] });
    const output = await text();
    for (const code of ['2xx', '5xx']) {
      expect(output).toContain(`http_request_duration_seconds_count{method="PUT",route="/v1/a",code="${code}"} 0`);
    }
  });

  it('tells how many requests are in flight', async () => {
    const { metrics, text } = givenMetrics();
    metrics.inFlight.inc();
    metrics.inFlight.inc();
    metrics.inFlight.dec();
    expect(await text()).toContain('http_requests_in_flight 1');
  });

  it('takes other buckets', async () => {
    const { metrics, text } = givenMetrics({ buckets: [0.5] });
    metrics.observe(request);
    expect((await text()).match(/_bucket\{/g)).toHaveLength(2);
  });
});
