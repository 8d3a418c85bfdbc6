import type { Db } from '@stowage/db';
import type { JobStep } from '../job.ts';
import type { Shard } from '../shard.ts';

/** How a run ended; `killed` is found out by the next one. */
export type RunOutcome = 'succeeded' | 'stopped' | 'failed' | 'killed';

export interface NewJobRun {
  readonly id: string;
  readonly job: string;
  readonly shard: Shard;
  readonly dryRun: boolean;
  readonly startedAt: Date;
}

/** What a new run takes over from the ones before it. */
export interface Inheritance {
  /** How many runs never ended. */
  readonly killedRuns: number;
  /** Where to go on; undefined for a dry run, which begins at the beginning. */
  readonly checkpoint: unknown;
}

export interface RunEnd {
  readonly outcome: Exclude<RunOutcome, 'killed'>;
  /** Whether the work came to its end, so that the next run begins anew. */
  readonly complete: boolean;
  readonly faults: number;
  readonly error: string | undefined;
  readonly finishedAt: Date;
}

/** What a run has done altogether. */
export interface RunTotals {
  readonly counts: Readonly<Record<string, number>>;
  readonly bytes: number;
}

export interface JobRunRecord extends NewJobRun, RunTotals {
  readonly outcome: RunOutcome | 'running';
  readonly faults: number;
  readonly error: string | undefined;
  readonly finishedAt: Date | undefined;
  /** Whether those outside heard of it; undefined when nobody was told. */
  readonly reported: boolean | undefined;
}

export interface HistoryQuery {
  /** @default every job */
  readonly job?: string | undefined;
  readonly limit: number;
}

/** The history of runs, and where the next ones go on. */
export interface JobRunRepository {
  /**
   * Begins a run: earlier ones of the same job and shard that never ended are `killed` now, and can commit nothing any
   * more. Whoever calls it holds the lock of the job and shard.
   */
  begin(run: NewJobRun): Promise<Inheritance>;
  /**
   * Adds a step to a run and saves its checkpoint, in the transaction `tx`.
   * @throws {RunTakenOverError} when the run is no longer running
   */
  record(tx: Db, runId: string, step: JobStep): Promise<void>;
  /**
   * Ends a run. A complete one leaves no checkpoint, unless it was a dry run, which leaves the one there is.
   * @throws {RunTakenOverError} when the run is no longer running
   */
  finish(runId: string, end: RunEnd): Promise<RunTotals>;
  /** Remembers whether those outside heard of a run. */
  noteReport(runId: string, reported: boolean): Promise<void>;
  /** How many runs of the job and shard, as far back as the history goes, nobody outside heard of. */
  countUnreported(run: Pick<NewJobRun, 'job' | 'shard'>): Promise<number>;
  /** The latest runs, newest first. */
  listLatest(query: HistoryQuery): Promise<readonly JobRunRecord[]>;
  /** Deletes runs that began earlier and have ended; how many there were. */
  forgetBefore(time: Date): Promise<number>;
}
