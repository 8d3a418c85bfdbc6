import type { Db } from '@stowage/db';
import type { Logger, Registry } from '@stowage/observability';
import type { Shard } from './shard.ts';

/** What is known of a job without running it. */
export interface JobDescription {
  /** One line, for `worker list`. */
  readonly description: string;
  /** Whether n processes can share the work; a `whole` job is done by one. */
  readonly sharding: 'sharded' | 'whole';
  /**
   * Whatever it counts. Each is pushed by every run, as the gateway would keep the number of an earlier one otherwise.
   */
  readonly outcomes: readonly string[];
  readonly schedule: JobSchedule;
}

/** When a job runs, and in how many processes. Infrastructure makes its scheduled runs from it. */
export interface JobSchedule {
  /** Five fields, in UTC: minute, hour, day of the month, month, day of the week. */
  readonly cron: string;
  /** From 1 to 1000; 1 for a `whole` job. */
  readonly shards: number;
}

/**
 * A batch job. It is safe to run at any time, in any number, and to kill at any moment: every effect commits together
 * with what is counted of it and with where to go on, or not at all.
 */
export interface Job {
  run(run: JobRun): Promise<JobFindings>;
}

/** How a run ended that did not fail. */
export interface JobFindings {
  /** Whether the work came to its end. If not, the checkpoint stays and the next run goes on from it. */
  readonly complete: boolean;
  /** How many things were found damaged. Any makes the process end with its own exit code. */
  readonly faults: number;
}

/** What was done in one transaction. */
export interface JobStep {
  /** How many items, by what became of them: `{ deleted: 1000 }`. The catalog names the outcomes of each job. */
  readonly counts: Readonly<Record<string, number>>;
  /** @default 0 */
  readonly bytes?: number;
  /** JSON: where the next run goes on if this one ends here. @default what was saved before */
  readonly checkpoint?: unknown;
}

/** One run of a job and shard, as the job sees it. */
export interface JobRun {
  readonly id: string;
  readonly shard: Shard;
  /** Nothing may be changed; what would be is counted. */
  readonly dryRun: boolean;
  /** How many items this run may still handle, `Infinity` without a limit. */
  readonly remaining: number;
  /** Aborted when the run has to end: finish the item under way and return `{ complete: false }`. */
  readonly signal: AbortSignal;
  /**
   * For the job's own metrics; pushed after the run. A gauge is made when its value is known: from then on it replaces
   * what an earlier run has pushed.
   */
  readonly registry: Registry;
  readonly log: Logger;
  /**
   * What a run of this shard saved that did not complete, else undefined. An older release may have written it, so check
   * its shape and begin anew where it does not fit.
   */
  readonly checkpoint: unknown;
  /**
   * Counts a step and saves its checkpoint, in the transaction that has its effects; the last statement there, as it
   * locks the run's row.
   * @throws {RunTakenOverError} when another run has taken over: nothing may be committed any more
   */
  record(tx: Db, step: JobStep): Promise<void>;
  /** Tells how many items there are, for those who watch. */
  expect(total: number): void;
}
