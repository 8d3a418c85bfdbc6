import { BatchMetrics, Gauge, type Logger, type Registry } from '@stowage/observability';
import type { Job, JobFindings, JobRun } from './job.ts';
import type { JobRunRepository, RunEnd } from './job-runs/job-run-repository.ts';
import { LedgeredRun } from './ledgered-run.ts';
import type { Progress } from './progress/progress.ts';
import type { RunReporter } from './run-reporter.ts';
import { failureText, type RunResult } from './run-result.ts';
import { formatShard, type Shard } from './shard.ts';

/** A lock that was taken; `AdvisoryLock` of libs/db. */
export interface HeldLock extends AsyncDisposable {
  readonly lost: AbortSignal;
}

export interface JobRunnerParts {
  /** Takes the lock of that name; undefined when somebody has it. */
  readonly tryLock: (name: string) => Promise<HeldLock | undefined>;
  readonly runs: JobRunRepository;
  /** Undefined where nobody wants to hear of runs. */
  readonly reporter: RunReporter | undefined;
  readonly openProgress: (title: string) => Progress;
  readonly log: Logger;
  readonly now: () => Date;
  readonly newId: () => string;
  /** How long the history of runs is kept. */
  readonly historyDays: number;
}

/** Which run is wanted. */
export interface RunRequest {
  readonly job: string;
  readonly shard: Shard;
  readonly dryRun: boolean;
  readonly limit: number | undefined;
  /** All that the job may count: pushed in any case. */
  readonly outcomes: readonly string[];
  /** Asks the run to stop. */
  readonly stop: AbortSignal;
}

type Ending = JobFindings & { readonly error: Error | undefined };

const dayMs = 24 * 60 * 60 * 1000;

/** Runs one job once: lock, resume, work, record, report. */
export class JobRunner {
  readonly #parts: JobRunnerParts;

  constructor(parts: JobRunnerParts) {
    this.#parts = parts;
  }

  /** Undefined when another run of the job and shard is under way. Rejects when the run could not be begun. */
  async run(job: Job, request: RunRequest): Promise<RunResult | undefined> {
    await using lock = await this.#parts.tryLock(`job ${request.job} ${formatShard(request.shard)}`);
    if (lock === undefined) return undefined;
    return await this.#runLocked(job, request, lock.lost);
  }

  async #runLocked(job: Job, request: RunRequest, lost: AbortSignal): Promise<RunResult> {
    const { runs, now, newId, log } = this.#parts;
    const { job: name, shard, dryRun } = request;
    const begun = { id: newId(), job: name, shard, dryRun, startedAt: now() };
    const { killedRuns, checkpoint } = await runs.begin(begun);
    const resumed = checkpoint !== undefined;
    if (killedRuns > 0) log.warn({ killedRuns }, 'a run before this one was killed');
    log.info({ runId: begun.id, resumed }, 'job run started');
    const metrics = new BatchMetrics();
    const { registry } = metrics;
    const ending = await this.#work(job, { request, runId: begun.id, checkpoint, registry, lost });
    const finished = await this.#finish(begun.id, ending, request.stop);
    const result = { ...begun, resumed, ...finished };
    this.#log(result);
    if (!dryRun) await this.#afterwards(result, { metrics, outcomes: request.outcomes });
    return result;
  }

  async #work(job: Job, { request, runId, checkpoint, registry, lost }: WorkParts): Promise<Ending> {
    const { runs, openProgress, log } = this.#parts;
    const { shard, dryRun, limit, outcomes, stop } = request;
    using progress = openProgress(`${request.job} ${formatShard(shard)}`);
    const signal = AbortSignal.any([stop, lost]);
    const told = { id: runId, shard, dryRun, limit, outcomes, signal, registry, log, checkpoint };
    const run = new LedgeredRun({ ...told, runs, progress });
    try {
      const findings = await job.run(run);
      lost.throwIfAborted();
      return { ...findings, error: undefined };
    } catch (error) {
      if (stop.aborted && isAbort(error, stop.reason)) return { complete: false, faults: 0, error: undefined };
      const cause: unknown = lost.aborted ? lost.reason : error;
      return { complete: false, faults: 0, error: cause instanceof Error ? cause : new Error(String(cause)) };
    }
  }

  async #finish(runId: string, { complete, faults, error }: Ending, stop: AbortSignal): Promise<Finished> {
    const finishedAt = this.#parts.now();
    const outcome = error !== undefined ? 'failed' : !complete && stop.aborted ? 'stopped' : 'succeeded';
    const text = error && failureText(error);
    try {
      const totals = await this.#parts.runs.finish(runId, { outcome, complete, faults, error: text, finishedAt });
      return { ...totals, outcome, complete, faults, finishedAt, error };
    } catch (failure) {
      // The next run finds this one unended and calls it killed. What it did is committed all the same.
      const first = error ?? (failure instanceof Error ? failure : new Error(String(failure)));
      return { counts: {}, bytes: 0, outcome: 'failed', complete: false, faults, finishedAt, error: first };
    }
  }

  #log({ id, outcome, complete, counts, bytes, faults, startedAt, finishedAt, error }: RunResult): void {
    const durationMs = finishedAt.getTime() - startedAt.getTime();
    const facts = { runId: id, outcome, complete, counts, bytes, faults, durationMs };
    if (error === undefined) this.#parts.log.info(facts, 'job run ended');
    else this.#parts.log.error({ ...facts, err: error }, 'job run failed');
  }

  /** What is done when the run is over: whether it succeeds says nothing of the run. */
  async #afterwards(result: RunResult, told: Omit<ReportParts, 'reporter'>): Promise<void> {
    const { runs, reporter, now, historyDays } = this.#parts;
    if (reporter !== undefined) await this.#report(result, { ...told, reporter });
    await this.#try(() => runs.forgetBefore(new Date(now().getTime() - historyDays * dayMs)));
  }

  async #report(result: RunResult, { metrics, outcomes, reporter }: ReportParts): Promise<void> {
    const { runs, log } = this.#parts;
    const { startedAt, finishedAt, outcome, counts, bytes } = result;
    const items = { ...Object.fromEntries(outcomes.map((name) => [name, 0])), ...counts };
    metrics.record({ startedAt, finishedAt, succeeded: outcome === 'succeeded', items, bytes });
    const unreported = await this.#try(() => runs.countUnreported(result));
    if (unreported !== undefined) setUnreported(metrics.registry, unreported);
    const report = await reporter.report(result, metrics.registry);
    if (!report.ok) log.warn({ reason: report.reason, err: report.error }, 'job run not reported');
    await this.#try(() => runs.noteReport(result.id, report.ok));
  }

  /** A database that has gone away is no reason to leave out the rest. */
  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (err) {
      this.#parts.log.warn({ err }, 'the history of runs could not be kept');
      return undefined;
    }
  }
}

/** A job may let the signal end what it waits for, which then rejects with the signal's reason or because of it. */
function isAbort(error: unknown, reason: unknown): boolean {
  return error === reason || (error instanceof Error && error.cause === reason);
}

function setUnreported(registry: Registry, count: number): void {
  const gauge = new Gauge({
    name: 'batch_unreported_runs',
    help: 'Runs in the history whose metrics did not get through.',
    registers: [registry],
  });
  gauge.set(count);
}

interface ReportParts {
  readonly metrics: BatchMetrics;
  readonly outcomes: readonly string[];
  readonly reporter: RunReporter;
}

interface WorkParts extends Pick<JobRun, 'registry' | 'checkpoint'> {
  readonly request: RunRequest;
  readonly runId: string;
  readonly lost: AbortSignal;
}

type Finished = Pick<RunResult, 'counts' | 'bytes' | 'finishedAt' | 'error'> &
  Pick<RunEnd, 'outcome' | 'complete' | 'faults'>;
