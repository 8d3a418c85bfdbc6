import { sql, type Db, type TransactionalDb } from '@stowage/db';
import type { JobStep } from '../job.ts';
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

interface RunRow extends Omit<JobRunRecord, 'shard' | 'error' | 'finishedAt' | 'reported'> {
  readonly shardIndex: number;
  readonly shardCount: number;
  readonly error: string | null;
  readonly finishedAt: Date | null;
  readonly reported: boolean | null;
}

export class PgJobRunRepository implements JobRunRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async begin({ id, job, shard, dryRun, startedAt }: NewJobRun): Promise<Inheritance> {
    return this.#db.transaction(async (tx) => {
      const killedRuns = await tx.execute(sql('kill_job_runs')`
        update job_runs set outcome = 'killed', finished_at = updated_at
        where job = ${job} and shard_index = ${shard.index} and shard_count = ${shard.count} and outcome = 'running'`);
      await tx.execute(sql('insert_job_run')`
        insert into job_runs (id, job, shard_index, shard_count, dry_run, started_at, updated_at)
        values (${id}, ${job}, ${shard.index}, ${shard.count}, ${dryRun}, ${startedAt}, ${startedAt})`);
      const saved = await tx.row<{ state: unknown }>(sql('find_job_checkpoint')`
        select state from job_checkpoints
        where job = ${job} and shard_index = ${shard.index} and shard_count = ${shard.count} and not ${dryRun}::boolean`);
      return { killedRuns, checkpoint: saved?.state };
    });
  }

  async record(tx: Db, runId: string, { counts, bytes = 0, checkpoint }: JobStep): Promise<void> {
    const state = checkpoint === undefined ? null : JSON.stringify(checkpoint);
    const row = await tx.row(sql('record_job_step', { repeatable: false })`
      with run as (
        update job_runs r set
          updated_at = now(),
          bytes = r.bytes + ${bytes},
          counts = r.counts || (
            select coalesce(jsonb_object_agg(step.key, step.value::bigint + coalesce((r.counts ->> step.key)::bigint, 0)), '{}')
            from jsonb_each_text(${JSON.stringify(counts)}::jsonb) step)
        where r.id = ${runId} and r.outcome = 'running'
        returning r.job, r.shard_index, r.shard_count, r.dry_run
      ), saved as (
        insert into job_checkpoints (job, shard_index, shard_count, state, updated_at)
        select job, shard_index, shard_count, ${state}::jsonb, now() from run
        where ${state}::jsonb is not null and not dry_run
        on conflict on constraint job_checkpoints_pkey
          do update set state = excluded.state, updated_at = excluded.updated_at
      )
      select from run`);
    if (row === undefined) throw new RunTakenOverError(`run ${runId} was taken over`);
  }

  async finish(runId: string, { outcome, complete, faults, error, finishedAt }: RunEnd): Promise<RunTotals> {
    const row = await this.#db.row<RunTotals>(sql('finish_job_run', { repeatable: false })`
      with run as (
        update job_runs set outcome = ${outcome}, faults = ${faults}, error = ${error ?? null},
          finished_at = ${finishedAt}, updated_at = ${finishedAt}
        where id = ${runId} and outcome = 'running'
        returning job, shard_index, shard_count, dry_run, counts, bytes
      ), completed as (
        delete from job_checkpoints c using run
        where ${complete} and not run.dry_run
          and c.job = run.job and c.shard_index = run.shard_index and c.shard_count = run.shard_count
      )
      select counts, bytes from run`);
    if (row === undefined) throw new RunTakenOverError(`run ${runId} was taken over`);
    return row;
  }

  async noteReport(runId: string, reported: boolean): Promise<void> {
    await this.#db.execute(sql('note_job_report')`update job_runs set reported = ${reported} where id = ${runId}`);
  }

  async countUnreported({ job, shard }: Pick<NewJobRun, 'job' | 'shard'>): Promise<number> {
    const row = await this.#db.row<{ count: number }>(sql('count_unreported_job_runs')`
      select count(*) as count from job_runs
      where job = ${job} and shard_index = ${shard.index} and shard_count = ${shard.count} and not reported`);
    return row?.count ?? 0;
  }

  async listLatest({ job, limit }: HistoryQuery): Promise<readonly JobRunRecord[]> {
    const rows = await this.#db.rows<RunRow>(sql('list_job_runs')`
      select id, job, shard_index as "shardIndex", shard_count as "shardCount", dry_run as "dryRun", outcome,
        started_at as "startedAt", finished_at as "finishedAt", counts, bytes, faults, error, reported
      from job_runs
      where ${job ?? null}::text is null or job = ${job ?? null}
      order by started_at desc, id desc
      limit ${limit}`);
    return rows.map(({ shardIndex: index, shardCount: count, error, finishedAt, reported, ...run }) => ({
      ...run,
      shard: { index, count },
      error: error ?? undefined,
      finishedAt: finishedAt ?? undefined,
      reported: reported ?? undefined,
    }));
  }

  async forgetBefore(time: Date): Promise<number> {
    return this.#db.execute(sql('forget_job_runs')`
      delete from job_runs where started_at < ${time} and outcome <> 'running'`);
  }
}
