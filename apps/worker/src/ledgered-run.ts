import type { Db } from '@stowage/db';
import type { Logger, Registry } from '@stowage/observability';
import type { JobRun, JobStep } from './job.ts';
import type { JobRunRepository } from './job-runs/job-run-repository.ts';
import type { Progress } from './progress/progress.ts';
import type { Shard } from './shard.ts';

export interface LedgeredRunParts extends Pick<
  JobRun,
  'id' | 'shard' | 'dryRun' | 'signal' | 'registry' | 'log' | 'checkpoint'
> {
  readonly limit: number | undefined;
  /** All that the catalog says the job counts. */
  readonly outcomes: readonly string[];
  readonly runs: JobRunRepository;
  readonly progress: Progress;
}

/** A run whose steps go to the history. */
export class LedgeredRun implements JobRun {
  readonly id: string;
  readonly shard: Shard;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly registry: Registry;
  readonly log: Logger;
  readonly checkpoint: unknown;
  readonly #limit: number;
  readonly #outcomes: readonly string[];
  readonly #runs: JobRunRepository;
  readonly #progress: Progress;
  #handled = 0;

  constructor({ limit, outcomes, runs, progress, ...fields }: LedgeredRunParts) {
    this.id = fields.id;
    this.shard = fields.shard;
    this.dryRun = fields.dryRun;
    this.signal = fields.signal;
    this.registry = fields.registry;
    this.log = fields.log;
    this.checkpoint = fields.checkpoint;
    this.#limit = limit ?? Infinity;
    this.#outcomes = outcomes;
    this.#runs = runs;
    this.#progress = progress;
  }

  get remaining(): number {
    return Math.max(0, this.#limit - this.#handled);
  }

  async record(tx: Db, step: JobStep): Promise<void> {
    const unknown = Object.keys(step.counts).find((name) => !this.#outcomes.includes(name));
    // A series that begins with its first count says nothing of the runs before.
    if (unknown !== undefined) throw new RangeError(`The job catalog does not name the outcome "${unknown}"`);
    await this.#runs.record(tx, this.id, step);
    const items = Object.values(step.counts).reduce((sum, count) => sum + count, 0);
    this.#handled += items;
    this.#progress.advance(items);
  }

  expect(total: number): void {
    this.#progress.expect(Math.min(total, this.#limit));
  }
}
