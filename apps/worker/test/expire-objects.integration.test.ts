import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { v7 as newId } from 'uuid';
import { expiringKinds } from '../src/expire-objects/expired-record-repository.ts';
import { givenRecord } from './given-records.ts';
import { countRows, givenDeletedBucket, givenEnded, givenTrash, listFaults } from './given-trash.ts';
import {
  blobStoreKinds,
  givenAccount,
  givenBlob,
  givenBucket,
  givenDeletion,
  givenStores,
  givenVersion,
  storedKeys,
  type Stores,
} from './given.ts';
import { givenMonitoring } from './monitoring.ts';
import { runWorkerProcess } from './spawn-worker.ts';

let stores: Stores;
beforeEach(async () => {
  stores = await givenStores();
});
afterEach(async () => {
  await stores[Symbol.asyncDispose]();
});

async function expire(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runWorkerProcess(stores, ['expire-objects', '--json', ...args]);
  if (code !== 0) throw new Error(`exit code ${String(code)}: ${stderr}`);
  return JSON.parse(stdout);
}

async function idsIn(table: 'versions' | 'objects'): Promise<readonly string[]> {
  const rows = await stores.db.rows<{ id: string }>(
    table === 'versions' ? sql('test_versions')`select id from versions` : sql('test_objects')`select id from objects`,
  );
  return rows.map(({ id }) => id).sort();
}

async function blobState(id: string): Promise<unknown> {
  return stores.db.row(sql('test_blob_state')`
    select state, round(extract(epoch from delete_after - now()) / 3600)::integer as "hoursLeft" from blobs where id = ${id}`);
}

describe('versions', () => {
  it('go when they ended longer ago than their bucket keeps them, and their blobs wait for the grace', async () => {
    const [short, long] = [await givenBucket(stores, { retentionDays: 7 }), await givenBucket(stores)];
    const given = [];
    for (const [bucketId, daysAgo] of [
      [short, 8],
      [short, 6],
      [long, 8],
      [long, 31],
    ] as const) {
      const version = await givenVersion(stores, { bucketId });
      await givenDeletion(stores, { bucketId, key: version.key });
      await givenEnded(stores, version.id, daysAgo);
      given.push(version);
    }
    const current = await givenVersion(stores, { bucketId: short });
    const [gone, , , alsoGone] = given;
    expect(await expire()).toMatchObject({ complete: true, counts: { versions: 2 }, bytes: 64 });
    const left = [...given.slice(1, 3), current];
    expect(await idsIn('versions')).toEqual(left.map(({ id }) => id).sort());
    expect(await idsIn('objects')).toEqual(left.map(({ objectId }) => objectId).sort());
    for (const version of [gone, alsoGone])
      expect(await blobState(version?.blobId ?? '')).toEqual({ state: 'garbage', hoursLeft: 24 });
    expect(await listFaults(stores)).toEqual([]);
    expect(await expire()).toMatchObject({ complete: true, bytes: 0 });
  });

  it('go without their object when it has others, and without their blob when others refer to it', async () => {
    const bucketId = await givenBucket(stores, { retentionDays: 1 });
    const replaced = await givenVersion(stores, { bucketId, key: 'replaced' });
    const copy = await givenVersion(stores, { bucketId, key: 'copy', blobId: replaced.blobId });
    const current = await givenVersion(stores, { bucketId, key: 'replaced' });
    await givenEnded(stores, replaced.id, 2);
    expect(await expire()).toMatchObject({ counts: { versions: 1 } });
    expect(await idsIn('versions')).toEqual([copy.id, current.id].sort());
    expect(await blobState(replaced.blobId)).toEqual({ state: 'live', hoursLeft: null });
    expect(await listFaults(stores)).toEqual([]);
  });

  it('are counted and left alone in a dry run', async () => {
    await givenTrash(stores, { bucketId: await givenBucket(stores), objects: 30, versionsOfEach: 50 });
    const before = await countRows(stores);
    expect(await expire('--dry-run')).toMatchObject({ dryRun: true, counts: { versions: 1500 }, bytes: 15_000 });
    expect(await countRows(stores)).toEqual(before);
  });

  it('go up to the limit', async () => {
    await givenTrash(stores, { bucketId: await givenBucket(stores), objects: 30 });
    expect(await expire('--limit', '20')).toMatchObject({ complete: false, counts: { versions: 20 } });
    expect(await expire()).toMatchObject({ complete: true, counts: { versions: 10 } });
  });

  it('are shared by shards, disjoint and complete', async () => {
    for (let bucket = 0; bucket < 5; bucket += 1)
      await givenTrash(stores, { bucketId: await givenBucket(stores), objects: 400, versionsOfEach: 2 });
    const results = await Promise.all(['0/3', '1/3', '2/3'].map((shard) => expire('--shard', shard)));
    const counts = results.map((result) => (result.counts as { versions: number }).versions);
    expect(counts.reduce((sum, count) => sum + count)).toBe(4000);
    expect(Math.min(...counts)).toBeGreaterThan(1000);
    expect(await countRows(stores)).toMatchObject({ objects: 0, versions: 0, live: 0, garbage: 4000 });
  });
});

describe('deleted buckets', () => {
  it('are emptied and removed when they were deleted longer ago than they keep trash', async () => {
    const { accountId, userId } = await givenAccount(stores);
    const [due, young] = [await givenBucket(stores, { accountId }), await givenBucket(stores, { accountId })];
    await givenTrash(stores, { bucketId: due, objects: 10, endedDaysAgo: 40 });
    await givenTrash(stores, { bucketId: due, objects: 10, endedDaysAgo: 32 });
    for (const bucketId of [due, young]) {
      for (let version = 0; version < 5; version += 1)
        await givenVersion(stores, { bucketId, key: `key-${version % 2}` });
      await stores.db.execute(sql('given_grant')`
        insert into bucket_grants (bucket_id, user_id, role) values (${bucketId}, ${userId}, 'reader')`);
    }
    await givenDeletedBucket(stores, due, 31);
    await givenDeletedBucket(stores, young, 29);
    expect(await expire('--dry-run')).toMatchObject({ counts: { versions: 25, buckets: 1 } });
    expect(await expire()).toMatchObject({ complete: true, counts: { versions: 25, buckets: 1 } });
    expect(await countRows(stores)).toEqual({ buckets: 1, objects: 2, versions: 5, live: 5, pending: 0, garbage: 25 });
    expect(await listFaults(stores)).toEqual([]);
  });

  it('are removed once, by the shard that empties them', async () => {
    const buckets = [];
    for (let bucket = 0; bucket < 20; bucket += 1) buckets.push(await givenBucket(stores));
    for (const bucketId of buckets) {
      await givenTrash(stores, { bucketId, objects: 20, endedDaysAgo: 31 });
      await givenDeletedBucket(stores, bucketId, 31);
    }
    const results = await Promise.all(['0/2', '1/2'].map((shard) => expire('--shard', shard)));
    const removed = results.map((result) => (result.counts as { buckets?: number }).buckets ?? 0);
    expect(removed.reduce((sum, count) => sum + count)).toBe(20);
    expect(await countRows(stores)).toMatchObject({ buckets: 0, objects: 0, versions: 0, garbage: 400 });
  });
});

it('removes what has expired of sessions, access tokens, invitations and idempotency keys', async () => {
  for (const hours of [-1, 1]) {
    const expiresAt = new Date(Date.now() + hours * 3_600_000);
    for (const kind of expiringKinds) await givenRecord(stores, { kind, expiresAt });
  }
  const { accountId, userId } = await givenAccount(stores);
  await stores.db.execute(sql('given_lasting_token')`
    insert into access_tokens (id, account_id, user_id, name, token_hash, scopes)
    values (${newId()}, ${accountId}, ${userId}, '', 'lasting', '{read}')`);
  const expected = { sessions: 1, 'access-tokens': 1, invitations: 1, 'idempotency-keys': 1 };
  expect(await expire('--dry-run')).toMatchObject({ counts: expected });
  expect(await expire()).toMatchObject({ complete: true, counts: expected });
  expect(
    await stores.db.row(sql('test_records_left')`
      select (select count(*) from sessions) as sessions, (select count(*) from access_tokens) as tokens,
        (select count(*) from invitations) as invitations, (select count(*) from idempotency_keys) as keys`),
  ).toEqual({ sessions: 1, tokens: 2, invitations: 1, keys: 1 });
});

it('leaves no object behind when a version is refused as its blob is gone', async () => {
  const bucketId = await givenBucket(stores);
  const { id: blobId } = await givenBlob(stores, { state: 'garbage' });
  await expect(givenVersion(stores, { bucketId, blobId })).rejects.toThrow('blob-missing');
  expect(await countRows(stores)).toMatchObject({ objects: 0, versions: 0, garbage: 1 });
});

it.each(blobStoreKinds)('tells Prometheus what it did, and leaves bytes in %s to the collector', async (kind) => {
  await using stores = await givenStores(kind);
  await using monitoring = await givenMonitoring();
  const bucketId = await givenBucket(stores);
  await givenTrash(stores, { bucketId, objects: 3, versionsOfEach: 2 });
  const kept = await givenVersion(stores, { bucketId });
  const copy = await givenVersion(stores, { bucketId, blobId: kept.blobId });
  await givenDeletion(stores, { bucketId, key: copy.key });
  await givenEnded(stores, copy.id, 31);
  await givenDeletedBucket(stores, await givenBucket(stores), 31);
  for (const kind of expiringKinds) await givenRecord(stores, { kind, expiresAt: new Date(0) });
  const bytes = await storedKeys(stores);
  const exit = await runWorkerProcess(stores, ['expire-objects', '--json'], { env: monitoring.env });
  expect(exit.code).toBe(0);
  const series = await monitoring.metricsOf('expire-objects', exit);
  expect(series).toMatchObject({
    'batch_last_run_processed_items{outcome="versions"}': 7,
    'batch_last_run_processed_items{outcome="buckets"}': 1,
    'batch_last_run_processed_items{outcome="sessions"}': 1,
    'batch_last_run_processed_items{outcome="access-tokens"}': 1,
    'batch_last_run_processed_items{outcome="invitations"}': 1,
    'batch_last_run_processed_items{outcome="idempotency-keys"}': 1,
    batch_last_run_bytes: 92,
    stowage_expire_objects_removed_objects: 4,
    stowage_expire_objects_garbage_blobs: 6,
    stowage_expire_objects_garbage_bytes: 60,
  });
  expect(series.batch_last_success_timestamp_seconds).toBe(series.batch_last_run_timestamp_seconds);
  expect(await listFaults(stores)).toEqual([]);
  expect(await storedKeys(stores)).toEqual(bytes);
});
