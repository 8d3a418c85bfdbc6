import type { JobDescription } from './job.ts';

/** What `worker --help` says. */
export function helpText(catalog: Readonly<Record<string, JobDescription>>): string {
  return `Usage:
  worker JOB [--shard I/N | --shards N] [--dry-run] [--limit N] [--json]
  worker list [--json]
  worker history [JOB] [--limit N] [--json]
  worker forget JOB [--shard I/N | --shards N]

Runs one job once. A job may be run at any time, in any number, and killed at any moment: the next run goes on.
history shows the latest runs. forget deletes what a job that is run no more has pushed to the gateway.

  --shard I/N   do part I of N, from 0; all parts are done by N processes
  --shards N    the same, with I from JOB_COMPLETION_INDEX, as Kubernetes sets it; forget: all N parts
  --dry-run     change nothing; count what would be changed
  --limit N     handle N items at most; history: show N runs (20)
  --json        write the result to standard output, one JSON document a line

Jobs: ${Object.keys(catalog).join(', ')}

Exit codes:
  0  it did its work, or was told to stop (SIGTERM) and left the rest for the next run
  1  it failed
  2  wrong arguments or settings
  3  another run of the job and shard is under way
  4  it found damage, in all of its work or before it was told to stop
`;
}
