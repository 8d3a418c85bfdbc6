import type { JobDescription } from './job.ts';
import type { JobRunRecord } from './job-runs/job-run-repository.ts';
import { formatDuration } from './progress/terminal-progress.ts';
import { failureText, type RunResult } from './run-result.ts';
import { formatShard } from './shard.ts';

/** One JSON line for programs. */
export function toJsonLine({ shard, error, startedAt, finishedAt, ...run }: RunResult | JobRunRecord): string {
  const text = error instanceof Error ? failureText(error) : error;
  const durationSeconds = finishedAt && (finishedAt.getTime() - startedAt.getTime()) / 1000;
  return JSON.stringify({ ...run, shard: formatShard(shard), startedAt, finishedAt, durationSeconds, error: text });
}

/** One line for people. */
export function toSentence({ job, shard, dryRun, ...run }: RunResult): string {
  const what = shard.count === 1 ? job : `${job} ${formatShard(shard)}`;
  const seconds = (run.finishedAt.getTime() - run.startedAt.getTime()) / 1000;
  const left = run.complete || run.outcome === 'failed' ? '' : '; the next run goes on';
  const faults = run.faults === 0 ? '' : `; found damaged: ${run.faults.toLocaleString('en')}`;
  const failure = run.error === undefined ? '' : `: ${failureText(run.error)}`;
  return `${what}${dryRun ? ' (dry run)' : ''} ${run.outcome} in ${formatDuration(seconds)}${failure}; ${formatCounts(run)}${faults}${left}`;
}

/** The catalog as lines: one JSON document each, or a table. */
export function listLines(catalog: Readonly<Record<string, JobDescription>>, json: boolean): readonly string[] {
  const jobs = Object.entries(catalog);
  if (json) return jobs.map(([name, description]) => JSON.stringify({ name, ...description }));
  return alignColumns(
    jobs.map(([name, { description, sharding, schedule }]) => [
      name,
      schedule.cron,
      sharding === 'whole' ? 'whole' : `${schedule.shards} ${schedule.shards === 1 ? 'shard' : 'shards'}`,
      description,
    ]),
  );
}

/** The history as lines: one JSON document each, or a table. */
export function historyLines(runs: readonly JobRunRecord[], json: boolean): readonly string[] {
  if (json) return runs.map(toJsonLine);
  return alignColumns(
    runs.map(({ startedAt, finishedAt, job, shard, dryRun, outcome, faults, error, ...totals }) => [
      startedAt.toISOString(),
      job,
      formatShard(shard),
      dryRun ? `${outcome} (dry run)` : outcome,
      finishedAt === undefined ? '' : formatDuration((finishedAt.getTime() - startedAt.getTime()) / 1000),
      [formatCounts(totals), ...(faults > 0 ? [`found damaged: ${faults}`] : []), ...(error ? [error] : [])].join('; '),
    ]),
  );
}

function formatCounts({ counts, bytes }: Pick<RunResult, 'counts' | 'bytes'>): string {
  const items = Object.entries(counts).map(([outcome, count]) => `${outcome} ${count.toLocaleString('en')}`);
  if (bytes > 0) items.push(`${bytes.toLocaleString('en')} bytes`);
  return items.length === 0 ? 'nothing to do' : items.join(', ');
}

function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
