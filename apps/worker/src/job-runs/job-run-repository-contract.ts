import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Db } from '@stowage/db';
import { v7 as newId } from 'uuid';
import { RunTakenOverError } from './job-run-errors.ts';
import type { JobRunRepository, NewJobRun, RunEnd } from './job-run-repository.ts';

export interface JobRunRepositorySubject extends AsyncDisposable {
  readonly runs: JobRunRepository;
  /** Where steps are recorded that are in no transaction. */
  readonly db: Db;
}

/** What every JobRunRepository does. */
export function describeJobRunRepository(name: string, open: () => Promise<JobRunRepositorySubject>): void {
  describe(name, () => {
    let opened: JobRunRepositorySubject;
    let runs: JobRunRepository;
    beforeAll(async () => {
      opened = await open();
      ({ runs } = opened);
    });
    afterAll(async () => {
      await opened[Symbol.asyncDispose]();
    });

    const outcomesOf = async ({ job }: NewJobRun): Promise<readonly string[]> =>
      (await runs.listLatest({ job, limit: 10 })).map(({ outcome }) => outcome);

    it('adds up what is recorded, outcome by outcome', async () => {
      const run = givenRun();
      expect(await runs.begin(run)).toEqual({ killedRuns: 0, checkpoint: undefined });
      await runs.record(opened.db, run.id, { counts: { deleted: 2, skipped: 1 }, bytes: 10 });
      await runs.record(opened.db, run.id, { counts: { deleted: 3, failed: 1 }, bytes: 5 });
      await runs.record(opened.db, run.id, { counts: {} });
      const totals = { counts: { deleted: 5, skipped: 1, failed: 1 }, bytes: 15 };
      expect(await runs.finish(run.id, succeeded)).toEqual(totals);
      const { complete: _complete, ...end } = succeeded;
      expect(await runs.listLatest({ job: run.job, limit: 10 })).toEqual([
        { ...run, ...end, ...totals, reported: undefined },
      ]);
    });

    it('hands the checkpoint of a run that did not complete to the next one of the shard', async () => {
      const first = givenRun();
      await runs.begin(first);
      await runs.record(opened.db, first.id, { counts: {}, checkpoint: { after: 'a' } });
      await runs.record(opened.db, first.id, { counts: {}, checkpoint: { after: 'b', items: [1, null, 'x'] } });
      await runs.record(opened.db, first.id, { counts: { read: 1 } });
      await runs.finish(first.id, { ...succeeded, outcome: 'stopped', complete: false });
      const otherShard = { ...again(first), shard: { index: 0, count: 3 } };
      expect(await runs.begin(otherShard)).toEqual({ killedRuns: 0, checkpoint: undefined });
      const next = again(first);
      expect(await runs.begin(next)).toEqual({ killedRuns: 0, checkpoint: { after: 'b', items: [1, null, 'x'] } });
      await runs.finish(next.id, succeeded);
      expect(await runs.begin(again(first))).toMatchObject({ checkpoint: undefined });
    });

    it('calls a run killed that never ended, and goes on from what it saved', async () => {
      const killed = givenRun();
      await runs.begin(killed);
      await runs.record(opened.db, killed.id, { counts: { deleted: 7 }, checkpoint: 7 });
      expect(await runs.begin(again(killed))).toEqual({ killedRuns: 1, checkpoint: 7 });
      expect(await outcomesOf(killed)).toEqual(['running', 'killed']);
      const [, record] = await runs.listLatest({ job: killed.job, limit: 10 });
      expect(record).toMatchObject({ counts: { deleted: 7 }, finishedAt: expect.any(Date) });
    });

    it('lets a run that was taken over change nothing any more', async () => {
      const first = givenRun();
      await runs.begin(first);
      const second = again(first);
      await runs.begin(second);
      const step = { counts: { deleted: 1 }, checkpoint: 'late' };
      await expect(runs.record(opened.db, first.id, step)).rejects.toThrow(RunTakenOverError);
      await expect(runs.finish(first.id, succeeded)).rejects.toThrow(RunTakenOverError);
      expect(await runs.begin(again(first))).toEqual({ killedRuns: 1, checkpoint: undefined });
    });

    it('has a dry run begin at the beginning and leave the checkpoint as it is', async () => {
      const first = givenRun();
      await runs.begin(first);
      await runs.record(opened.db, first.id, { counts: {}, checkpoint: 1 });
      await runs.finish(first.id, { ...succeeded, outcome: 'failed', complete: false, error: 'Error: no' });
      const dry = { ...again(first), dryRun: true };
      expect(await runs.begin(dry)).toEqual({ killedRuns: 0, checkpoint: undefined });
      await runs.record(opened.db, dry.id, { counts: { deleted: 1 }, checkpoint: 2 });
      await runs.finish(dry.id, succeeded);
      expect(await runs.begin(again(first))).toEqual({ killedRuns: 0, checkpoint: 1 });
    });

    it('counts the runs of the shard that nobody heard of', async () => {
      const lost = givenRun();
      const heard = again(lost);
      const ofOtherShard = { ...again(lost), shard: { index: 1, count: 2 } };
      for (const run of [lost, ofOtherShard]) {
        await runs.begin(run);
        await runs.finish(run.id, succeeded);
        await runs.noteReport(run.id, false);
      }
      await runs.begin(heard);
      expect(await runs.countUnreported(heard)).toBe(1);
      await runs.noteReport(heard.id, true);
      expect(await runs.countUnreported(heard)).toBe(1);
      const reports = (await runs.listLatest({ job: lost.job, limit: 9 })).map(({ id, reported }) => [id, reported]);
      expect(new Map(reports as [string, boolean][])).toEqual(
        new Map([
          [lost.id, false],
          [ofOtherShard.id, false],
          [heard.id, true],
        ]),
      );
    });

    it('lists the latest runs first, of one job or of all', async () => {
      const first = givenRun({ startedAt: new Date('2100-01-01T00:00:00Z') });
      const second = givenRun({ startedAt: new Date('2100-01-01T00:00:01Z') });
      for (const run of [first, second]) await runs.begin(run);
      expect((await runs.listLatest({ limit: 2 })).map(({ id }) => id)).toEqual([second.id, first.id]);
      expect((await runs.listLatest({ job: first.job, limit: 2 })).map(({ id }) => id)).toEqual([first.id]);
    });

    it('forgets old runs that have ended', async () => {
      const [ended, running, recent] = [
        givenRun({ startedAt: new Date('1999-01-01T00:00:00Z') }),
        givenRun({ startedAt: new Date('1999-01-02T00:00:00Z') }),
        givenRun({ startedAt: new Date('2001-01-01T00:00:00Z') }),
      ];
      for (const run of [ended, running, recent]) await runs.begin(run);
      for (const { id } of [ended, recent]) await runs.finish(id, succeeded);
      expect(await runs.forgetBefore(new Date('2000-01-01T00:00:00Z'))).toBe(1);
      const left = await Promise.all([ended, running, recent].map(outcomesOf));
      expect(left).toEqual([[], ['running'], ['succeeded']]);
    });
  });
}

const succeeded: RunEnd = {
  outcome: 'succeeded',
  complete: true,
  faults: 0,
  error: undefined,
  finishedAt: new Date('2020-01-01T00:01:00Z'),
};

function givenRun(fields: Partial<NewJobRun> = {}): NewJobRun {
  const shard = { index: 0, count: 2 };
  const startedAt = new Date('2020-01-01T00:00:00Z');
  return { id: newId(), job: `job-${randomUUID()}`, shard, dryRun: false, startedAt, ...fields };
}

/** The next run of the same job and shard. */
function again(run: NewJobRun): NewJobRun {
  return { ...run, id: newId(), startedAt: new Date(run.startedAt.getTime() + 1000) };
}
