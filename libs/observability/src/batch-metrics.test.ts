import { describe, expect, it } from '@jest/globals';
import { BatchMetrics } from './batch-metrics.ts';
import type { BatchRun } from './batch-metrics.ts';

const RUN: BatchRun = {
  startedAt: new Date('2026-03-01T02:00:00Z'),
  finishedAt: new Date('2026-03-01T02:01:30.500Z'),
  succeeded: true,
  items: { deleted: 12, failed: 0 },
  bytes: 4_096,
};

async function samplesOf(run: BatchRun): Promise<readonly string[]> {
  const metrics = new BatchMetrics();
  metrics.record(run);
  return (await metrics.registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('BatchMetrics', () => {
  it('tells when the run ended, how long it took, what it handled', async () => {
    expect(await samplesOf(RUN)).toEqual([
      'batch_last_run_timestamp_seconds 1772330490.5',
      'batch_last_success_timestamp_seconds 1772330490.5',
      'batch_last_duration_seconds 90.5',
      'batch_last_run_bytes 4096',
      'batch_last_run_processed_items{outcome="deleted"} 12',
      'batch_last_run_processed_items{outcome="failed"} 0',
    ]);
  });

  it('says nothing of a success after a failure, so that the gateway keeps the last one', async () => {
    const samples = await samplesOf({ ...RUN, succeeded: false });
    expect(samples.filter((line) => line.includes('success'))).toEqual([]);
    expect(samples).toHaveLength(5);
  });

  it('brings no metrics of the process', async () => {
    expect(new BatchMetrics().registry.getMetricsAsArray()).toEqual([]);
  });
});
