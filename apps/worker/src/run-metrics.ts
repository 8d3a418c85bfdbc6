import { Gauge, type Registry } from '@stowage/observability';
import type { RunResult } from './run-result.ts';

/**
 * Sets the metrics that every run has. They are gauges, as each run is a process of its own that knows nothing of the
 * one before. The time of the last success is there after a success only, so that whoever keeps the metrics keeps the
 * older time after a failure.
 */
export function setRunMetrics(registry: Registry, result: RunResult): void {
  const { startedAt, finishedAt, outcome, counts, bytes } = result;
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const finishedSeconds = finishedAt.getTime() / 1000;
  gauge('batch_last_run_timestamp_seconds', 'When the last run ended.').set(finishedSeconds);
  if (outcome === 'succeeded') {
    gauge('batch_last_success_timestamp_seconds', 'When the last run that did its work ended.').set(finishedSeconds);
  }
  gauge('batch_last_duration_seconds', 'How long the last run took.').set(
    (finishedAt.getTime() - startedAt.getTime()) / 1000,
  );
  gauge('batch_last_run_bytes', 'Bytes the last run handled.').set(bytes);
  const items = new Gauge({
    name: 'batch_last_run_processed_items',
    help: 'Items the last run handled, by what became of them.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const [name, count] of Object.entries(counts)) items.set({ outcome: name }, count);
}
