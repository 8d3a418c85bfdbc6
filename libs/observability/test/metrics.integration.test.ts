import { describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { createMetricsRegistry, HttpMetrics } from '../src/index.ts';

/** Part of Prometheus, which no npm package has; metrics-registry.test.ts checks the rules without it. */
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

describe('metrics', () => {
  (hasPromtool ? it : it.skip)('promtool check metrics finds nothing to complain about', async () => {
    const registry = createMetricsRegistry({ labels: { service: 'api' } });
    const metrics = new HttpMetrics(registry);
    metrics.observe({
      method: 'GET',
      route: '/v1',
      status: 200,
      durationSeconds: 0.1,
      requestBytes: 1,
      responseBytes: 1,
    });
    const promtool = spawn('promtool', ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output = Promise.all([text(promtool.stdout), text(promtool.stderr)]);
    promtool.stdin.end(await registry.metrics());
    const [code] = (await once(promtool, 'close')) as [number];
    expect((await output).join('')).toBe('');
    expect(code).toBe(0);
  });
});
