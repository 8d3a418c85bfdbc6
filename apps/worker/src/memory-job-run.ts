import type { Db, TransactionalDb } from '@stowage/db';
import { createLogger, createMetricsRegistry } from '@stowage/observability';
import type { JobRun, JobStep } from './job.ts';
import { wholeJob, type Shard } from './shard.ts';

export interface MemoryJobRunOptions {
  /** @default all of the work */
  readonly shard?: Shard;
  /** @default false */
  readonly dryRun?: boolean;
  /** @default no limit */
  readonly limit?: number;
  /** @default never aborted */
  readonly signal?: AbortSignal;
  /** @default none: from the beginning */
  readonly checkpoint?: unknown;
}

/** A run for unit tests: what is recorded can be read. */
export class MemoryJobRun implements JobRun {
  readonly id = '019a0000-0000-7000-8000-000000000000';
  readonly shard: Shard;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly registry = createMetricsRegistry({ defaultMetrics: false });
  readonly log = createLogger({ service: 'test', level: 'silent' });
  readonly steps: JobStep[] = [];
  /** What the next run would go on from. */
  checkpoint: unknown;
  /** What the job said it expects. */
  total: number | undefined;
  readonly #limit: number;

  constructor({ shard = wholeJob, dryRun = false, limit = Infinity, signal, checkpoint }: MemoryJobRunOptions = {}) {
    this.shard = shard;
    this.dryRun = dryRun;
    this.signal = signal ?? new AbortController().signal;
    this.checkpoint = checkpoint;
    this.#limit = limit;
  }

  get remaining(): number {
    const handled = this.steps.flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0);
    return Math.max(0, this.#limit - handled);
  }

  /** The sum of all steps, by outcome. */
  get counts(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const { counts } of this.steps) {
      for (const [outcome, count] of Object.entries(counts)) sums[outcome] = (sums[outcome] ?? 0) + count;
    }
    return sums;
  }

  async record(_tx: Db, step: JobStep): Promise<void> {
    this.steps.push(step);
    if (step.checkpoint !== undefined && !this.dryRun) this.checkpoint = step.checkpoint;
  }

  expect(total: number): void {
    this.total = total;
  }
}

const refuse = (): never => {
  throw new Error('a double of a repository runs no statements');
};

/** What doubles of repositories hand to `record` for a transaction. */
export const noTransaction: Db = { rows: refuse, row: refuse, execute: refuse };

/** A database whose transactions run their work and nothing else. */
export const noDatabase: TransactionalDb = {
  ...noTransaction,
  reader: noTransaction,
  transaction: (work) => work(noTransaction),
};
