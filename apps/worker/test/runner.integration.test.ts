import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { givenStores, type Stores } from './given.ts';
import { killRuns, runWorkerProcess, spawnWorker, type WorkerExit } from './spawn-worker.ts';
import { givenItems, handledItems } from './test-jobs.ts';

let stores: Stores;
beforeEach(async () => {
  stores = await givenStores();
});
afterEach(async () => {
  await stores[Symbol.asyncDispose]();
});

function resultOf({ stdout }: WorkerExit): unknown {
  return JSON.parse(stdout);
}

/** The sum of what all runs counted, by outcome. */
async function countedBy(job: string): Promise<Readonly<Record<string, number>>> {
  const rows = await stores.db.rows<{ outcome: string; count: number }>(sql('test_counted')`
    select c.key as outcome, sum(c.value::bigint)::bigint as count
    from job_runs, jsonb_each_text(counts) c where job = ${job} group by c.key`);
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
}

async function history(job: string): Promise<readonly { outcome: string; error: string | null }[]> {
  return stores.db.rows(sql('test_history')`
    select outcome, error from job_runs where job = ${job} order by started_at`);
}

describe('a run', () => {
  it('0: does its work and says so in one JSON line', async () => {
    await givenItems(stores.db, 25);
    const exit = await runWorkerProcess(stores, ['handle-items', '--json']);
    expect(exit.code).toBe(0);
    expect(exit.stdout.trim().split('\n')).toHaveLength(1);
    expect(resultOf(exit)).toMatchObject({
      ...{ job: 'handle-items', shard: '0/1', dryRun: false, outcome: 'succeeded', complete: true, resumed: false },
      ...{ counts: { handled: 25 }, bytes: 2500, faults: 0 },
    });
    expect(await handledItems(stores.db)).toEqual({ 1: 25 });
    expect(exit.stderr).toContain('"job run ended"');
  });

  it('0: leaves what is over the limit to the next run, which goes on', async () => {
    await givenItems(stores.db, 25);
    const first = await runWorkerProcess(stores, ['add-items', '--limit', '15', '--json']);
    expect(resultOf(first)).toMatchObject({ outcome: 'succeeded', complete: false, counts: { added: 15 } });
    const second = await runWorkerProcess(stores, ['add-items', '--json']);
    expect(resultOf(second)).toMatchObject({ resumed: true, complete: true, counts: { added: 10, sum: 325 } });
    expect([first.code, second.code]).toEqual([0, 0]);
  });

  it('0: finishes its item on SIGTERM and leaves the rest', async () => {
    await givenItems(stores.db, 50_000);
    await using worker = spawnWorker(stores, ['handle-items', '--json']);
    await worker.logged('job run started');
    const exit = await worker.kill('SIGTERM');
    expect({ code: exit.code, signal: exit.signal }).toEqual({ code: 0, signal: null });
    expect(resultOf(exit)).toMatchObject({ outcome: 'stopped', complete: false });
    const handled = (await handledItems(stores.db))[1] ?? 0;
    expect(await countedBy('handle-items')).toEqual(handled === 0 ? {} : { handled });
    expect(handled % 10).toBe(0);
  });

  it('1: says that it failed and why, without secrets', async () => {
    const exit = await runWorkerProcess(stores, ['fail-always', '--json']);
    expect(exit.code).toBe(1);
    expect(resultOf(exit)).toMatchObject({ outcome: 'failed' });
    expect(await history('fail-always')).toEqual([
      { outcome: 'failed', error: expect.stringMatching(/^Error: cannot reach postgres:\/\//) },
    ]);
    expect(exit.stderr + exit.stdout + JSON.stringify(await history('fail-always'))).not.toContain('very-secret');
  });

  it('1: ends when the connection that holds its lock is lost', async () => {
    await givenItems(stores.db, 50_000);
    await using worker = spawnWorker(stores, ['handle-items', '--json']);
    await worker.logged('job run started');
    await stores.db.row(sql('test_cut_lock')`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'stowage-worker lock'`);
    const exit = await worker.exited;
    expect(exit.code).toBe(1);
    expect(resultOf(exit)).toMatchObject({
      outcome: 'failed',
      error: expect.stringMatching(/^AdvisoryLockLostError: /),
    });
  });

  it('3: is refused while another run of the job and shard is under way', async () => {
    await givenItems(stores.db, 50_000);
    await using worker = spawnWorker(stores, ['handle-items', '--shard', '0/2']);
    await worker.logged('job run started');
    const refused = await runWorkerProcess(stores, ['handle-items', '--shard', '0/2']);
    expect([refused.code, refused.stdout]).toEqual([3, '']);
    expect(refused.stderr).toBe('Another run of handle-items 0/2 is under way.\n');
    const other = await runWorkerProcess(stores, ['handle-items', '--shard', '1/2', '--limit', '10', '--json']);
    expect(other.code).toBe(0);
  });

  it('4: did its work and found damage', async () => {
    const exit = await runWorkerProcess(stores, ['find-damage', '--json']);
    expect(exit.code).toBe(4);
    expect(resultOf(exit)).toMatchObject({ outcome: 'succeeded', faults: 2 });
  });
});

describe('shards', () => {
  it('do the work of one, disjoint and complete, at the same time', async () => {
    await givenItems(stores.db, 1000);
    const exits = await Promise.all(
      ['0', '1', '2'].map((JOB_COMPLETION_INDEX) =>
        runWorkerProcess(stores, ['handle-items', '--shards', '3'], { env: { JOB_COMPLETION_INDEX } }),
      ),
    );
    expect(exits.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await handledItems(stores.db)).toEqual({ 1: 1000 });
    expect(await countedBy('handle-items')).toEqual({ handled: 1000 });
  });
});

describe('a killed run', () => {
  it.each(['handle-items', 'add-items', 'backfill-items'])(
    '%s: is gone on with, however often, and counts nothing twice',
    async (job) => {
      await givenItems(stores.db, 1000);
      const { killed, last } = await killRuns(stores, [job, '--json'], { kills: 20, withinOperations: 12 });
      expect([killed, last.code]).toEqual([20, 0]);
      const sum = (1000 * 1001) / 2;
      expect(await countedBy(job)).toEqual(job === 'add-items' ? { added: 1000, sum } : { handled: 1000 });
      if (job !== 'add-items') expect(await handledItems(stores.db)).toEqual({ 1: 1000 });
      const outcomes = (await history(job)).map(({ outcome }) => outcome);
      expect(outcomes.at(-1)).toBe('succeeded');
      expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(['killed']));
    },
  );
});
