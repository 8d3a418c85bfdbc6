import { describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { MemoryJobRun } from '../memory-job-run.ts';
import { MemoryUsageRepository } from './memory-usage-repository.ts';
import { RollUpUsageJob } from './roll-up-usage-job.ts';

const monday = '2026-03-02';
const tuesday = '2026-03-03';

interface Given {
  readonly usage: MemoryUsageRepository;
  /** Runs the job on the day after Monday, unless another time is given. */
  readonly job: (now?: string) => RollUpUsageJob;
}

function givenVersions(count: number, fields: { blobSizeBytes?: number } = {}): Given {
  const usage = new MemoryUsageRepository();
  for (let index = 0; index < count; index += 1) {
    const place = { accountId: 'ada', bucketId: index % 2 === 0 ? 'photos' : 'films' };
    const version = { id: newId(), ...place, sizeBytes: 10, blobSizeBytes: 10, ...fields };
    usage.versions.push({ ...version, createdAt: new Date('2026-03-01'), endedAt: undefined });
  }
  return {
    usage,
    job: (now = `${tuesday}T00:15:00Z`) => new RollUpUsageJob({ usage, now: () => new Date(now), pageSize: 3 }),
  };
}

const stored = (objects: number): object => ({
  currentObjects: objects,
  currentBytes: objects * 10,
  trashVersions: 0,
  trashBytes: 0,
});

describe('RollUpUsageJob', () => {
  it('measures the day that has ended, once', async () => {
    const { usage, job } = givenVersions(8);
    const first = new MemoryJobRun();
    expect(await job().run(first)).toEqual({ complete: true, faults: 0 });
    expect([first.counts, first.total]).toEqual([{ counted: 8 }, 8]);
    const again = new MemoryJobRun();
    expect(await job().run(again)).toEqual({ complete: true, faults: 0 });
    expect(again.counts).toEqual({});
    expect(await usage.getTotal(monday)).toEqual(stored(8));
    expect(usage.ofBucket('photos', monday)).toEqual(stored(4));
  });

  it('catches up with the days that were missed', async () => {
    const { usage, job } = givenVersions(2);
    await job().run(new MemoryJobRun());
    await job('2026-03-06T12:00:00Z').run(new MemoryJobRun());
    for (const day of [tuesday, '2026-03-04', '2026-03-05']) expect(await usage.getTotal(day)).toEqual(stored(2));
    expect(await usage.findLatestDay()).toBe('2026-03-05');
  });

  it('goes on where a run has ended at its limit, and counts nothing twice', async () => {
    const { usage, job } = givenVersions(8);
    let checkpoint: unknown;
    const counted: unknown[] = [];
    for (let complete = false; !complete;) {
      const run = new MemoryJobRun({ limit: 4, checkpoint });
      ({ complete } = await job().run(run));
      ({ checkpoint } = run);
      counted.push(run.counts);
    }
    expect(counted).toEqual([{ counted: 4 }, { counted: 4 }, {}]);
    expect(await usage.getTotal(monday)).toEqual(stored(8));
  });

  it('measures the day that has ended since, when it goes on on a later day', async () => {
    const { usage, job } = givenVersions(8, { blobSizeBytes: 11 });
    const first = new MemoryJobRun({ limit: 4 });
    await job().run(first);
    const second = new MemoryJobRun({ checkpoint: first.checkpoint });
    expect(await job('2026-03-04T00:15:00Z').run(second)).toEqual({ complete: true, faults: 8 });
    for (const day of [monday, tuesday]) expect(await usage.getTotal(day)).toEqual(stored(8));
    expect(await usage.findLatestDay()).toBe(tuesday);
  });

  it('ends between two pages when it has to', async () => {
    const { usage, job } = givenVersions(8);
    const run = new MemoryJobRun({ signal: AbortSignal.abort() });
    expect(await job().run(run)).toEqual({ complete: false, faults: 0 });
    expect(await usage.findLatestDay()).toBeUndefined();
  });

  it('begins anew with a checkpoint it cannot read, and counts nothing twice', async () => {
    const { usage, job } = givenVersions(4);
    await job().run(new MemoryJobRun({ limit: 3 }));
    await job().run(new MemoryJobRun({ checkpoint: { days: 'yesterday' } }));
    expect(await usage.getTotal(monday)).toEqual(stored(4));
  });

  it('changes nothing in a dry run, and finds what is wrong all the same', async () => {
    const { usage, job } = givenVersions(4, { blobSizeBytes: 11 });
    const run = new MemoryJobRun({ dryRun: true });
    expect(await job().run(run)).toEqual({ complete: true, faults: 4 });
    expect(run.counts).toEqual({ counted: 4 });
    expect(await usage.findLatestDay()).toBeUndefined();
  });

  it('reports versions that differ from their blobs also when it was killed before it could', async () => {
    const { job } = givenVersions(4, { blobSizeBytes: 11 });
    const killed = new MemoryJobRun();
    await job().run(killed);
    expect(await job().run(new MemoryJobRun({ checkpoint: killed.checkpoint }))).toEqual({ complete: true, faults: 4 });
  });

  it('reports accounts that differ from their buckets', async () => {
    const { usage, job } = givenVersions(4);
    await job().run(new MemoryJobRun());
    usage.falsify('ada', monday);
    const run = new MemoryJobRun();
    expect(await job().run(run)).toEqual({ complete: true, faults: 1 });
    expect(await run.registry.metrics()).toContain('stowage_roll_up_usage_drifted_accounts 1');
  });

  it('has no metric of what it has not found out', async () => {
    const { job } = givenVersions(1);
    const dry = new MemoryJobRun({ dryRun: true });
    await job().run(dry);
    expect(await dry.registry.metrics()).not.toContain('stowage_roll_up_usage_bytes');
    await job().run(new MemoryJobRun());
    const again = new MemoryJobRun();
    await job().run(again);
    expect(await again.registry.metrics()).not.toContain('stowage_roll_up_usage_drifted_versions');
    expect(await again.registry.metrics()).toContain('stowage_roll_up_usage_bytes{kind="current"} 10');
  });
});
