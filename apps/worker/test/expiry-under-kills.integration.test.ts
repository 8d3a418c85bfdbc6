import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { countedBy } from './blob-states.ts';
import { countRows, givenDeletedBucket, givenTrash, listFaults } from './given-trash.ts';
import { givenBlob, givenBucket, givenStores, givenVersion, storedKeys, type Stores } from './given.ts';
import { killRuns } from './spawn-worker.ts';

const kills = 100;

let stores: Stores;
beforeEach(async () => {
  stores = await givenStores();
});
afterEach(async () => {
  await stores[Symbol.asyncDispose]();
});

it('collect-garbage, killed 100 times and resumed, leaves what one clean run leaves and counts each blob once', async () => {
  let [overdue, due, bytes] = [0, 0, 0];
  const beforeRun = async (): Promise<void> => {
    await givenBlob(stores, { state: 'pending' });
    const { content } = await givenBlob(stores, { state: 'garbage' });
    [overdue, due, bytes] = [overdue + 1, due + 1, bytes + content.length];
  };
  const kept = [
    (await givenVersion(stores, { bucketId: await givenBucket(stores) })).blobId,
    (await givenBlob(stores, { state: 'pending', deleteAfter: new Date(Date.now() + 3_600_000) })).id,
    (await givenBlob(stores, { state: 'garbage', deleteAfter: new Date(Date.now() + 3_600_000) })).id,
  ];
  const env = { GARBAGE_GRACE_HOURS: '0' };
  const { last } = await killRuns(stores, ['collect-garbage', '--json'], {
    kills,
    withinOperations: 18,
    env,
    beforeRun,
  });
  expect(last.code).toBe(0);

  expect(await storedKeys(stores)).toEqual(kept.sort());
  expect(await countRows(stores)).toMatchObject({ versions: 1, live: 1, pending: 1, garbage: 1 });
  expect(await countedBy(stores, 'collect-garbage')).toEqual({ 'given-up': overdue, deleted: overdue + due });
  expect(await bytesCounted('collect-garbage')).toBe(bytes);
});

it('expire-objects, killed 100 times and resumed, leaves what one clean run leaves and counts each thing once', async () => {
  const kept = await givenBucket(stores);
  await givenVersion(stores, { bucketId: kept });
  await givenTrash(stores, { bucketId: kept, objects: 5, endedDaysAgo: 29 });
  let [versions, buckets] = [0, 0];
  const beforeRun = async (): Promise<void> => {
    await givenTrash(stores, { bucketId: kept, objects: 5, versionsOfEach: 3 });
    const deleted = await givenBucket(stores);
    await givenVersion(stores, { bucketId: deleted });
    await givenVersion(stores, { bucketId: deleted, key: 'twice' });
    await givenVersion(stores, { bucketId: deleted, key: 'twice' });
    await givenDeletedBucket(stores, deleted, 31);
    [versions, buckets] = [versions + 18, buckets + 1];
  };
  const { last } = await killRuns(stores, ['expire-objects', '--json'], { kills, withinOperations: 41, beforeRun });
  expect(last.code).toBe(0);

  expect(await countRows(stores)).toEqual({
    buckets: 1,
    objects: 6,
    versions: 6,
    live: 6,
    pending: 0,
    garbage: versions,
  });
  expect(await listFaults(stores)).toEqual([]);
  expect(await countedBy(stores, 'expire-objects')).toMatchObject({ versions, buckets });
});

async function bytesCounted(job: string): Promise<number> {
  const row = await stores.db.row<{ bytes: number }>(sql('test_bytes_counted')`
    select coalesce(sum(bytes), 0)::bigint as bytes from job_runs where job = ${job}`);
  return row?.bytes ?? 0;
}
