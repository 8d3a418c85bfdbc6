import { stripSecrets } from '@stowage/observability';
import type { RunOutcome, RunTotals } from './job-runs/job-run-repository.ts';
import type { Shard } from './shard.ts';

/** What came of one run. */
export interface RunResult extends RunTotals {
  readonly id: string;
  readonly job: string;
  readonly shard: Shard;
  readonly dryRun: boolean;
  /** Whether it went on where an earlier run had ended. */
  readonly resumed: boolean;
  readonly outcome: Exclude<RunOutcome, 'killed'>;
  /** Whether nothing is left for the next run to go on with. */
  readonly complete: boolean;
  readonly faults: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** Why it failed. */
  readonly error: Error | undefined;
}

const longestFailure = 1000;

/** Why something failed, in one line without secrets. */
export function failureText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return stripSecrets(text).slice(0, longestFailure);
}
