import { describe, expect, it } from '@jest/globals';
import { Counter, register } from 'prom-client';
import { createMetricsRegistry } from './metrics-registry.ts';

describe('createMetricsRegistry', () => {
  it('tells about the process, event loop lag included', async () => {
    const output = await createMetricsRegistry().metrics();
    for (const name of ['nodejs_eventloop_lag_seconds', 'process_resident_memory_bytes', 'process_cpu_seconds_total']) {
      expect(output).toContain(`# TYPE ${name}`);
    }
  });

  it('has no gauge that calls itself a counter', async () => {
    const metrics = await createMetricsRegistry().getMetricsAsJSON();
    const misnamed = metrics.filter(({ name, type }) => name.endsWith('_total') !== ((type as unknown) === 'counter'));
    expect(misnamed.map(({ name }) => name)).toEqual([]);
  });

  it('is a registry of its own', () => {
    const one = createMetricsRegistry({ defaultMetrics: false });
    const two = createMetricsRegistry({ defaultMetrics: false });
    for (const registry of [one, two]) new Counter({ name: 'same_total', help: 'Same.', registers: [registry] });
    expect(one.getMetricsAsArray()).toHaveLength(1);
    expect(register.getMetricsAsArray()).toHaveLength(0);
  });

  it('puts its labels on every series', async () => {
    const registry = createMetricsRegistry({ defaultMetrics: false, labels: { service: 'api' } });
    new Counter({ name: 'a_total', help: 'A.', registers: [registry] });
    expect(await registry.metrics()).toContain('a_total{service="api"} 0');
  });
});
