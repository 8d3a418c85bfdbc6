import { describe, expect, it } from '@jest/globals';
import { createMetricsRegistry } from '@stowage/observability';
import { JobGauges } from './job-gauges.ts';

describe('JobGauges', () => {
  it('names every gauge after its job', async () => {
    const registry = createMetricsRegistry({ defaultMetrics: false });
    const gauges = new JobGauges(registry, 'count-files');
    gauges.set('files', 'Files there are.', 3);
    gauges.set('bytes', 'Bytes there are.', { label: 'kind', values: { hot: 1, cold: 2 } });
    expect((await registry.metrics()).trim().split('\n')).toEqual([
      '# HELP stowage_count_files_files Files there are.',
      '# TYPE stowage_count_files_files gauge',
      'stowage_count_files_files 3',
      '',
      '# HELP stowage_count_files_bytes Bytes there are.',
      '# TYPE stowage_count_files_bytes gauge',
      'stowage_count_files_bytes{kind="hot"} 1',
      'stowage_count_files_bytes{kind="cold"} 2',
    ]);
  });
});
