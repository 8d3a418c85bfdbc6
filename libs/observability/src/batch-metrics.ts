import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { createMetricsRegistry } from './metrics-registry.ts';

/** A run of a batch job that is over. */
export interface BatchRun {
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** Whether the job did its work. */
  readonly succeeded: boolean;
  /** Items by what became of them, such as `{ deleted: 12, failed: 0 }`. Name the same outcomes in every run. */
  readonly items: Readonly<Record<string, number>>;
  /** Bytes read, written or freed. */
  readonly bytes: number;
}

/**
 * What a batch job tells about its last run, all gauges, for {@link Pushgateway.push}:
 *
 * - `batch_last_run_timestamp_seconds`: when it ended
 * - `batch_last_success_timestamp_seconds`: the same, after a success only; a failed run does not push it, and so the
 *   gateway keeps the one before
 * - `batch_last_duration_seconds`
 * - `batch_last_run_processed_items{outcome}`
 * - `batch_last_run_bytes`
 *
 * Make one for each run.
 */
export class BatchMetrics {
  /**
   * Holds the above once the run is recorded, and the job's own metrics. A gauge without labels is 0 from the moment it is
   * made, so make it when its value is known: what a run has not found out must not replace what an earlier one has.
   */
  readonly registry: Registry = createMetricsRegistry({ defaultMetrics: false });

  /** Sets the metrics of the run; call it once. */
  record({ startedAt, finishedAt, succeeded, items, bytes }: BatchRun): void {
    const finished = finishedAt.getTime() / 1_000;
    this.#set('batch_last_run_timestamp_seconds', 'When the last run ended.', finished);
    if (succeeded) this.#set('batch_last_success_timestamp_seconds', 'When the last successful run ended.', finished);
    const duration = finished - startedAt.getTime() / 1_000;
    this.#set('batch_last_duration_seconds', 'How long the last run took.', duration);
    this.#set('batch_last_run_bytes', 'Bytes that the last run read, wrote or freed.', bytes);
    const processed = new Gauge({
      name: 'batch_last_run_processed_items',
      help: 'Items that the last run handled, by what became of them.',
      labelNames: ['outcome'],
      registers: [this.registry],
    });
    for (const [outcome, count] of Object.entries(items)) processed.set({ outcome }, count);
  }

  #set(name: string, help: string, value: number): void {
    new Gauge({ name, help, registers: [this.registry] }).set(value);
  }
}
