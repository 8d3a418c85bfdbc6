import { describe, expect, it } from '@jest/globals';
import { Gauge } from '@stowage/observability';
import { captureLogs, type CapturedLogs } from '@stowage/observability/testing';
import { v7 as newId } from 'uuid';
import { exitCodeOf } from './exit-code.ts';
import { JobRunner, type JobRunnerParts, type RunRequest } from './job-runner.ts';
import { MemoryJobRunRepository } from './job-runs/memory-job-run-repository.ts';
import type { Job, JobFindings, JobRun } from './job.ts';
import { noTransaction } from './memory-job-run.ts';
import type { RunResult } from './run-result.ts';
import { StoppedError } from './stopped-error.ts';

const complete: JobFindings = { complete: true, faults: 0 };

class GivenRunner {
  readonly runs = new MemoryJobRunRepository();
  readonly logs: CapturedLogs = captureLogs();
  readonly stop = new AbortController();
  readonly lost = new AbortController();
  /** What was reported: the metrics of each run. */
  readonly reports: string[] = [];
  readonly expected: number[] = [];
  readonly locks: string[] = [];
  isLocked = false;
  isGatewayDown = false;
  clock = Date.parse('2026-01-01T00:00:00Z');

  /** Runs the job once. */
  async run(run: Job['run'], request: Partial<RunRequest> = {}): Promise<RunResult | undefined> {
    const { stop } = this;
    const shard = { index: 1, count: 4 };
    const outcomes = ['done', 'skipped'];
    const defaults = { job: 'test-job', shard, dryRun: false, limit: undefined, outcomes, stop: stop.signal };
    return new JobRunner(this.#parts()).run({ run }, { ...defaults, ...request });
  }

  async finished(run: Job['run'], request: Partial<RunRequest> = {}): Promise<RunResult> {
    const result = await this.run(run, request);
    if (result === undefined) throw new Error('the run was refused');
    return result;
  }

  #parts(): JobRunnerParts {
    return {
      tryLock: async (name) => {
        this.locks.push(name);
        return this.isLocked ? undefined : { lost: this.lost.signal, [Symbol.asyncDispose]: async () => undefined };
      },
      runs: this.runs,
      reporter: {
        report: async (_result, registry) => {
          this.reports.push(await registry.metrics());
          return this.isGatewayDown ? { ok: false, reason: 'failed', error: new Error('refused') } : { ok: true };
        },
      },
      openProgress: () => ({
        expect: (total) => void this.expected.push(total),
        advance: () => undefined,
        [Symbol.dispose]: () => undefined,
      }),
      log: this.logs.logger,
      now: () => new Date((this.clock += 1000)),
      newId,
      historyDays: 1,
    };
  }
}

const record = (run: JobRun, checkpoint?: unknown): Promise<void> =>
  run.record(noTransaction, {
    counts: { done: 2, skipped: 1 },
    bytes: 5,
    ...(checkpoint !== undefined && { checkpoint }),
  });

describe('JobRunner', () => {
  it('answers what the run did, and records it', async () => {
    const given = new GivenRunner();
    const result = await given.finished(async (run) => {
      await record(run);
      return complete;
    });
    const facts = { outcome: 'succeeded', faults: 0, counts: { done: 2, skipped: 1 }, bytes: 5 };
    expect(result).toMatchObject({ ...facts, complete: true, resumed: false, error: undefined });
    expect(await given.runs.listLatest({ limit: 9 })).toEqual([expect.objectContaining({ ...facts, id: result.id })]);
    expect(given.locks).toEqual(['job test-job 1/4']);
    expect(exitCodeOf(result)).toBe(0);
  });

  it('answers nothing, and runs nothing, when another run has the lock', async () => {
    const given = new GivenRunner();
    given.isLocked = true;
    expect(await given.run(() => Promise.reject(new Error('ran')))).toBeUndefined();
    expect(await given.runs.listLatest({ limit: 9 })).toEqual([]);
  });

  it('goes on where an incomplete run ended, and begins anew after a complete one', async () => {
    const given = new GivenRunner();
    const seen: unknown[] = [];
    const run = (findings: JobFindings) => async (jobRun: JobRun) => {
      seen.push(jobRun.checkpoint);
      await record(jobRun, { after: seen.length });
      return findings;
    };
    await given.finished(run({ complete: false, faults: 0 }));
    expect((await given.finished(run(complete))).resumed).toBe(true);
    await given.finished(run(complete));
    expect(seen).toEqual([undefined, { after: 1 }, undefined]);
  });

  it('says that the run before was killed', async () => {
    const given = new GivenRunner();
    const shard = { index: 1, count: 4 };
    await given.runs.begin({ id: newId(), job: 'test-job', shard, dryRun: false, startedAt: new Date() });
    await given.finished(async () => complete);
    expect(given.logs.withMessage('a run before this one was killed')).toHaveLength(1);
  });

  it('ends with a code of its own when damage was found', async () => {
    const result = await new GivenRunner().finished(async () => ({ complete: true, faults: 3 }));
    expect([result.outcome, exitCodeOf(result)]).toEqual(['succeeded', 4]);
  });

  it('fails when the job does, and keeps what it had done', async () => {
    const given = new GivenRunner();
    const result = await given.finished(async (run) => {
      await record(run, 'here');
      throw new TypeError('no');
    });
    expect(result).toMatchObject({ outcome: 'failed', counts: { done: 2 }, error: new TypeError('no') });
    expect(exitCodeOf(result)).toBe(1);
    expect(await given.runs.listLatest({ limit: 9 })).toMatchObject([{ outcome: 'failed', error: 'TypeError: no' }]);
    expect((await given.finished(async () => complete)).resumed).toBe(true);
  });

  it('is stopped, not failed, when it was asked to stop', async () => {
    const given = new GivenRunner();
    const reason = new StoppedError('stopped by SIGTERM');
    const politely = await given.finished(async () => {
      given.stop.abort(reason);
      return { complete: false, faults: 0 };
    });
    const byThrowing = await given.finished(async (run) => {
      run.signal.throwIfAborted();
      return complete;
    });
    const byAborting = await given.finished(async (run) => {
      throw new Error('aborted', { cause: run.signal.reason });
    });
    const results = [politely, byThrowing, byAborting];
    expect(results.map(({ outcome }) => outcome)).toEqual(['stopped', 'stopped', 'stopped']);
    expect(results.map(exitCodeOf)).toEqual([0, 0, 0]);
  });

  it('has succeeded when the work was complete as it was asked to stop', async () => {
    const given = new GivenRunner();
    const result = await given.finished(async () => {
      given.stop.abort(new StoppedError('stopped'));
      return complete;
    });
    expect(result.outcome).toBe('succeeded');
  });

  it('fails when the lock is lost, whatever the job makes of it', async () => {
    const lostError = new Error('lock lost');
    const findings = [async () => complete, () => Promise.reject(new Error('connection lost'))];
    for (const end of findings) {
      const given = new GivenRunner();
      const result = await given.finished(async (run) => {
        given.lost.abort(lostError);
        expect(run.signal.aborted).toBe(true);
        return end();
      });
      expect(result).toMatchObject({ outcome: 'failed', error: lostError });
    }
  });

  it('fails when it was taken over', async () => {
    const given = new GivenRunner();
    const result = await given.finished(async (run) => {
      const { shard } = run;
      await given.runs.begin({ id: newId(), job: 'test-job', shard, dryRun: false, startedAt: new Date() });
      await record(run);
      return complete;
    });
    expect(result).toMatchObject({ outcome: 'failed', error: { name: 'RunTakenOverError' } });
  });

  it('tells how many items the run may still handle', async () => {
    const given = new GivenRunner();
    const remaining: number[] = [];
    const job = async (run: JobRun): Promise<JobFindings> => {
      run.expect(100);
      remaining.push(run.remaining);
      await record(run);
      remaining.push(run.remaining);
      return complete;
    };
    await given.finished(job, { limit: 2 });
    await given.finished(job);
    expect(remaining).toEqual([2, 0, Infinity, Infinity]);
    expect(given.expected).toEqual([2, 100]);
  });
});

describe('what is reported', () => {
  it('has the metrics of every run and the job’s own', async () => {
    const given = new GivenRunner();
    const { finishedAt } = await given.finished(async (run) => {
      new Gauge({ name: 'stowage_own', help: 'Own.', registers: [run.registry] }).set(7);
      await record(run);
      return complete;
    });
    const [metrics = ''] = given.reports;
    const seconds = finishedAt.getTime() / 1000;
    const values = metrics.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(values).toEqual([
      'stowage_own 7',
      `batch_last_run_timestamp_seconds ${seconds}`,
      `batch_last_success_timestamp_seconds ${seconds}`,
      'batch_last_duration_seconds 1',
      'batch_last_run_bytes 5',
      'batch_last_run_processed_items{outcome="done"} 2',
      'batch_last_run_processed_items{outcome="skipped"} 1',
      'batch_unreported_runs 0',
    ]);
  });

  it('has every outcome of the job, also when nothing was counted', async () => {
    const given = new GivenRunner();
    const outcomes = ['done', 'failed', 'skipped'];
    await given.finished(async () => complete, { outcomes });
    await given.finished(async (run) => record(run).then(() => complete), { outcomes });
    const items = given.reports.map((metrics) => metrics.match(/^batch_last_run_processed_items.*$/gm));
    const sample = (outcome: string, count: number): string =>
      `batch_last_run_processed_items{outcome="${outcome}"} ${count}`;
    expect(items).toEqual([
      [sample('done', 0), sample('failed', 0), sample('skipped', 0)],
      [sample('done', 2), sample('failed', 0), sample('skipped', 1)],
    ]);
  });

  it('fails when the job counts what the catalog does not name', async () => {
    const given = new GivenRunner();
    const result = await given.finished(async (run) => record(run).then(() => complete), { outcomes: ['done'] });
    expect(result).toMatchObject({ outcome: 'failed', counts: {}, error: { name: 'RangeError' } });
  });

  it('has no time of a success after a failure or a stop', async () => {
    const given = new GivenRunner();
    await given.finished(() => Promise.reject(new Error('no')));
    given.stop.abort(new StoppedError('stopped'));
    await given.finished(async () => ({ complete: false, faults: 0 }));
    expect(given.reports).toHaveLength(2);
    for (const metrics of given.reports) expect(metrics).not.toContain('batch_last_success_timestamp_seconds');
  });

  it('is counted and logged where it did not get through, and changes nothing of the run', async () => {
    const given = new GivenRunner();
    given.isGatewayDown = true;
    const result = await given.finished(async () => complete);
    expect([result.outcome, exitCodeOf(result)]).toEqual(['succeeded', 0]);
    expect(given.logs.withMessage('job run not reported')).toMatchObject([{ level: 'warn', reason: 'failed' }]);
    given.isGatewayDown = false;
    await given.finished(async () => complete);
    expect(given.reports.at(-1)).toContain('batch_unreported_runs 1');
  });

  it('gets through also when the database has gone away', async () => {
    const given = new GivenRunner();
    const away = (): Promise<never> => Promise.reject(new Error('connection lost'));
    Object.assign(given.runs, { finish: away, countUnreported: away, noteReport: away, forgetBefore: away });
    const { outcome } = await given.finished(async () => complete);
    expect(outcome).toBe('failed');
    expect(given.reports[0]).toContain('batch_last_run_timestamp_seconds');
    expect(given.reports[0]).not.toContain('batch_last_success_timestamp_seconds');
  });

  it('is nothing after a dry run, which did no work', async () => {
    const given = new GivenRunner();
    const result = await given.finished(async (run) => ({ complete: run.dryRun, faults: 0 }), { dryRun: true });
    expect([result.outcome, given.reports]).toEqual(['succeeded', []]);
  });
});

describe('the history', () => {
  it('loses runs that are older than it is kept', async () => {
    const given = new GivenRunner();
    await given.finished(async () => complete);
    given.clock += 2 * 24 * 60 * 60 * 1000;
    const { id } = await given.finished(async () => complete);
    expect((await given.runs.listLatest({ limit: 9 })).map((run) => run.id)).toEqual([id]);
  });
});
