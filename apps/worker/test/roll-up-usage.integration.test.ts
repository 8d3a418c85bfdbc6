import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { daysBefore, endOfDay, findMissingDays } from '../src/roll-up-usage/usage-day.ts';
import {
  givenAccount,
  givenBlob,
  givenBucket,
  givenDeletion,
  givenStores,
  givenVersion,
  type Stores,
} from './given.ts';
import { givenMonitoring, type Monitoring } from './monitoring.ts';
import { killRuns, runWorkerProcess, type WorkerExit } from './spawn-worker.ts';

// The same day for all runs, also when midnight passes.
const today = new Date();
const env = { TEST_TODAY: today.toISOString() };
const [yesterday = ''] = findMissingDays(undefined, today);
const yesterdayEnd = endOfDay(yesterday).getTime() / 1000;

let monitoring: Monitoring;
beforeAll(async () => {
  monitoring = await givenMonitoring();
});
afterAll(async () => {
  await monitoring[Symbol.asyncDispose]();
});

let stores: Stores;
beforeEach(async () => {
  stores = await givenStores();
});
afterEach(async () => {
  await stores[Symbol.asyncDispose]();
});

function run(...args: readonly string[]): Promise<WorkerExit> {
  return runWorkerProcess(stores, ['roll-up-usage', '--json', ...args], { env: { ...env, ...monitoring.env } });
}

function resultOf({ stdout }: WorkerExit): unknown {
  return JSON.parse(stdout);
}

/** Makes everything there is a week old. */
async function givenAWeekAgo(): Promise<void> {
  await stores.db.execute(sql('given_old_accounts')`update accounts set created_at = created_at - interval '7 days'`);
  await stores.db.execute(sql('given_old_buckets')`update buckets set created_at = created_at - interval '7 days'`);
  await stores.db.execute(sql('given_old_versions')`
    update versions set created_at = created_at - interval '7 days', ended_at = ended_at - interval '6 days'`);
}

/** Two buckets of one account, one of another: three current objects of 8, 16 and 32 bytes, two in the trash of 1 and 2. */
async function givenObjects(): Promise<readonly [string, string, string]> {
  const { accountId } = await givenAccount(stores);
  const photos = await givenBucket(stores, { accountId });
  const films = await givenBucket(stores, { accountId });
  const others = await givenBucket(stores);
  await givenObject(photos, 'replaced', 1);
  await givenObject(photos, 'replaced', 8);
  await givenObject(photos, 'deleted', 2);
  await givenDeletion(stores, { bucketId: photos, key: 'deleted' });
  await givenObject(films, 'kept', 16);
  await givenObject(others, 'kept', 32);
  return [photos, films, others];
}

async function givenObject(bucketId: string, key: string, sizeBytes: number): Promise<void> {
  const { id: blobId } = await givenBlob(stores, { content: Buffer.alloc(sizeBytes) });
  await givenVersion(stores, { bucketId, key, blobId });
}

type UsageRow = readonly [id: string, day: string, objects: number, bytes: number, versions: number, trash: number];

async function usageRows(table: 'buckets' | 'accounts'): Promise<readonly UsageRow[]> {
  const rows = await stores.db.rows<{ row: UsageRow }>(
    table === 'buckets'
      ? sql('test_bucket_usage')`
          select jsonb_build_array(bucket_id, day, current_objects, current_bytes, trash_versions, trash_bytes) as row
          from bucket_usage where day in (select day from usage_days) order by bucket_id, day`
      : sql('test_account_usage')`
          select jsonb_build_array(account_id, day, current_objects, current_bytes, trash_versions, trash_bytes) as row
          from account_usage where day in (select day from usage_days) order by account_id, day`,
  );
  return rows.map(({ row }) => row);
}

/** What yesterday's usage has to be, by another way than the job's. */
async function expectedRows(): Promise<readonly UsageRow[]> {
  const rows = await stores.db.rows<{ row: UsageRow }>(sql('test_expected_usage')`
    select jsonb_build_array(b.id, ${yesterday}::date,
      count(v.id) filter (where v.id = o.current_version_id),
      coalesce(sum(v.size_bytes) filter (where v.id = o.current_version_id), 0),
      count(v.id) filter (where v.id is distinct from o.current_version_id),
      coalesce(sum(v.size_bytes) filter (where v.id is distinct from o.current_version_id), 0)) as row
    from buckets b left join objects o on o.bucket_id = b.id left join versions v on v.object_id = o.id
    group by b.id order by b.id`);
  return rows.map(({ row }) => row);
}

describe('roll-up-usage', () => {
  it('measures yesterday by bucket and account, and Prometheus sees it', async () => {
    const [photos, films, others] = await givenObjects();
    await givenAWeekAgo();
    const exit = await run();
    expect(exit.code).toBe(0);
    expect(resultOf(exit)).toMatchObject({ outcome: 'succeeded', complete: true, counts: { counted: 5 } });
    expect(await usageRows('buckets')).toEqual([
      [photos, yesterday, 1, 8, 2, 3],
      [films, yesterday, 1, 16, 0, 0],
      [others, yesterday, 1, 32, 0, 0],
    ]);
    expect((await usageRows('accounts')).map(([, ...usage]) => usage)).toEqual([
      [yesterday, 2, 24, 2, 3],
      [yesterday, 1, 32, 0, 0],
    ]);
    const { finishedAt } = resultOf(exit) as { finishedAt: string };
    expect(await monitoring.metricsOf('roll-up-usage', exit)).toEqual({
      'stowage_roll_up_usage_versions{kind="current"}': 3,
      'stowage_roll_up_usage_versions{kind="trash"}': 2,
      'stowage_roll_up_usage_bytes{kind="current"}': 56,
      'stowage_roll_up_usage_bytes{kind="trash"}': 3,
      stowage_roll_up_usage_day_end_timestamp_seconds: yesterdayEnd,
      stowage_roll_up_usage_drifted_accounts: 0,
      stowage_roll_up_usage_drifted_versions: 0,
      batch_last_run_timestamp_seconds: new Date(finishedAt).getTime() / 1000,
      batch_last_success_timestamp_seconds: new Date(finishedAt).getTime() / 1000,
      batch_last_duration_seconds: expect.any(Number),
      batch_last_run_bytes: 0,
      'batch_last_run_processed_items{outcome="counted"}': 5,
      batch_unreported_runs: 0,
    });
  });

  it('measures a day once, whatever is stored later', async () => {
    const [photos] = await givenObjects();
    await givenAWeekAgo();
    await run();
    const before = await usageRows('buckets');
    await givenObject(photos, 'new', 64);
    expect(resultOf(await run())).toMatchObject({ complete: true, counts: {} });
    expect(await usageRows('buckets')).toEqual(before);
  });

  it('catches up with days that were missed, from what is still known', async () => {
    await givenObjects();
    await givenAWeekAgo();
    await stores.db.execute(sql('given_measured_day')`
      insert into usage_days (day, measured_at) values (${daysBefore(yesterday, 3)}::date, now())`);
    // Two days ago one of the current objects was not there yet.
    await stores.db.execute(sql('given_recent_version')`
      update versions set created_at = ${endOfDay(daysBefore(yesterday, 1))} where size_bytes = 32`);
    expect((await run()).code).toBe(0);
    const bytes = new Map<string, number>();
    for (const [, day, , current] of await usageRows('accounts')) bytes.set(day, (bytes.get(day) ?? 0) + current);
    expect([...bytes].sort()).toEqual([
      [daysBefore(yesterday, 2), 24],
      [daysBefore(yesterday, 1), 24],
      [yesterday, 56],
    ]);
  });

  it('4: finds books that do not agree', async () => {
    await givenObjects();
    await givenAWeekAgo();
    await stores.db.execute(sql('given_wrong_size')`update versions set size_bytes = 9 where size_bytes = 8`);
    const first = await run();
    expect(first.code).toBe(4);
    expect(await monitoring.metricsOf('roll-up-usage', first)).toMatchObject({
      stowage_roll_up_usage_drifted_accounts: 0,
      stowage_roll_up_usage_drifted_versions: 1,
    });
    await stores.db.execute(sql('given_lost_row')`delete from bucket_usage where current_bytes = 32`);
    const second = await run();
    expect([second.code, resultOf(second)]).toEqual([4, expect.objectContaining({ outcome: 'succeeded', faults: 1 })]);
    expect(await monitoring.metricsOf('roll-up-usage', second)).toMatchObject({
      stowage_roll_up_usage_drifted_accounts: 1,
      stowage_roll_up_usage_drifted_versions: 1, // this run did not look at versions
      batch_last_success_timestamp_seconds: expect.any(Number),
    });
  });

  it('changes nothing in a dry run', async () => {
    await givenObjects();
    await givenAWeekAgo();
    expect(resultOf(await run('--dry-run'))).toMatchObject({ outcome: 'succeeded', counts: { counted: 5 } });
    expect(await usageRows('buckets')).toEqual([]);
    expect(resultOf(await run())).toMatchObject({ counts: { counted: 5 } });
  });
});

describe('roll-up-usage killed again and again', () => {
  beforeEach(async () => {
    for (let made = 0; made < 20; made += 1) await givenObjects();
    await givenAWeekAgo();
  });

  it('counts every version once, however often it was killed between pages', async () => {
    const { killed } = await killRuns(stores, ['roll-up-usage', '--limit', '1'], {
      kills: 50,
      withinOperations: 6,
      env,
    });
    const exit = await run();
    expect([killed, exit.code]).toEqual([50, 0]);
    expect(await usageRows('buckets')).toEqual(await expectedRows());
    const counted = await stores.db.row<{ counted: number }>(
      sql('test_counted')`select sum((counts->>'counted')::bigint)::bigint as counted from job_runs`,
    );
    expect(counted).toEqual({ counted: 100 });
  });

  it('measures the day, however often it was killed anywhere', async () => {
    // Each run measures anew, once a day is whole.
    const beforeRun = async (): Promise<void> => {
      const whole = await stores.db.row(sql('test_whole_day')`
        select from usage_days where not exists (select from job_checkpoints)`);
      if (whole === undefined) return;
      for (const clear of [
        sql('clear_days')`delete from usage_days`,
        sql('clear_buckets')`delete from bucket_usage`,
        sql('clear_accounts')`delete from account_usage`,
      ]) {
        await stores.db.execute(clear);
      }
    };
    const { killed, last } = await killRuns(stores, ['roll-up-usage'], {
      kills: 50,
      withinOperations: 17,
      beforeRun,
      env,
    });
    expect([killed, last.code]).toEqual([50, 0]);
    expect(await usageRows('buckets')).toEqual(await expectedRows());
  });
});
