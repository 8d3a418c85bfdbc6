import type { Db } from '@stowage/db';
import type { JobStep } from '../job.ts';
import { formatShard } from '../shard.ts';
import { RunTakenOverError } from './job-run-errors.ts';
import type {
  HistoryQuery,
  Inheritance,
  JobRunRecord,
  JobRunRepository,
  NewJobRun,
  RunEnd,
  RunTotals,
} from './job-run-repository.ts';

/** Keeps the history in memory; it has no transactions, so a step is recorded at once. */
export class MemoryJobRunRepository implements JobRunRepository {
  readonly #runs = new Map<string, JobRunRecord>();
  readonly #checkpoints = new Map<string, string>();

  async begin(run: NewJobRun): Promise<Inheritance> {
    const abandoned = [...this.#runs.values()].filter(
      (other) => other.outcome === 'running' && placeOf(other) === placeOf(run),
    );
    for (const other of abandoned) {
      this.#runs.set(other.id, { ...other, outcome: 'killed', finishedAt: other.startedAt });
    }
    const fresh = {
      outcome: 'running',
      counts: {},
      bytes: 0,
      faults: 0,
      error: undefined,
      reported: undefined,
    } as const;
    this.#runs.set(run.id, { ...run, ...fresh, finishedAt: undefined });
    const saved = run.dryRun ? undefined : this.#checkpoints.get(placeOf(run));
    return { killedRuns: abandoned.length, checkpoint: saved === undefined ? undefined : JSON.parse(saved) };
  }

  async record(_tx: Db, runId: string, { counts, bytes = 0, checkpoint }: JobStep): Promise<void> {
    const run = this.#getRunning(runId);
    const added = Object.entries(counts).map(([outcome, count]) => [outcome, (run.counts[outcome] ?? 0) + count]);
    this.#runs.set(runId, {
      ...run,
      bytes: run.bytes + bytes,
      counts: { ...run.counts, ...(Object.fromEntries(added) as Record<string, number>) },
    });
    if (checkpoint !== undefined && !run.dryRun) this.#checkpoints.set(placeOf(run), JSON.stringify(checkpoint));
  }

  async finish(runId: string, { complete, ...end }: RunEnd): Promise<RunTotals> {
    const run = this.#getRunning(runId);
    this.#runs.set(runId, { ...run, ...end });
    if (complete && !run.dryRun) this.#checkpoints.delete(placeOf(run));
    return { counts: run.counts, bytes: run.bytes };
  }

  async noteReport(runId: string, reported: boolean): Promise<void> {
    const run = this.#runs.get(runId);
    if (run !== undefined) this.#runs.set(runId, { ...run, reported });
  }

  async countUnreported(place: Pick<NewJobRun, 'job' | 'shard'>): Promise<number> {
    const runs = [...this.#runs.values()];
    return runs.filter((run) => run.reported === false && placeOf(run) === placeOf(place)).length;
  }

  async listLatest({ job, limit }: HistoryQuery): Promise<readonly JobRunRecord[]> {
    return [...this.#runs.values()]
      .filter((run) => job === undefined || run.job === job)
      .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? 1 : -1))
      .slice(0, limit);
  }

  async forgetBefore(time: Date): Promise<number> {
    const old = [...this.#runs.values()].filter(({ startedAt, outcome }) => startedAt < time && outcome !== 'running');
    for (const { id } of old) this.#runs.delete(id);
    return old.length;
  }

  #getRunning(runId: string): JobRunRecord {
    const run = this.#runs.get(runId);
    if (run?.outcome !== 'running') throw new RunTakenOverError(`run ${runId} was taken over`);
    return run;
  }
}

function placeOf({ job, shard }: Pick<NewJobRun, 'job' | 'shard'>): string {
  return `${job} ${formatShard(shard)}`;
}
