import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { createMetricsRegistry, HttpMetrics } from '../src/index.ts';

describe('metrics', () => {
  it('promtool check metrics finds nothing to complain about', async () => {
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
    const { TEST_PROMTOOL } = process.env;
    if (TEST_PROMTOOL === undefined) throw new Error('TEST_PROMTOOL is not set: run the tests through Nx');
    const promtool = spawn(TEST_PROMTOOL, ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output = Promise.all([text(promtool.stdout), text(promtool.stderr)]);
    promtool.stdin.end(await registry.metrics());
    const [code] = (await once(promtool, 'close')) as [number];
    expect((await output).join('')).toBe('');
    expect(code).toBe(0);
  });
});
