import { expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { untilLockIsWaitedFor } from '@stowage/db/testing';
import { v7 as newId } from 'uuid';
import { givenDeletedBucket, givenEnded } from '../../test/given-trash.ts';
import { givenBucket, givenDeletion, givenStores, givenVersion } from '../../test/given.ts';
import { PgTrashRepository } from './pg-trash-repository.ts';
import { describeTrashRepository } from './trash-repository-contract.ts';

describeTrashRepository('PgTrashRepository', async () => {
  const stores = await givenStores();
  const { db } = stores;
  return {
    trash: new PgTrashRepository(db),
    givenBucket: async ({ retentionDays, deletedDaysAgo }) => {
      const id = await givenBucket(stores, { retentionDays });
      if (deletedDaysAgo !== undefined) await givenDeletedBucket(stores, id, deletedDaysAgo);
      return id;
    },
    givenVersion: async ({ bucketId, objectId = newId(), blobId = newId(), endedDaysAgo }) => {
      const id = newId();
      await db.execute(sql('given_blob_row')`
        insert into blobs (id, state, size_bytes, sha256) values (${blobId}, 'live', 10, '') on conflict do nothing`);
      await db.execute(sql('given_object_row')`
        insert into objects (id, bucket_id, key) values (${objectId}, ${bucketId}, ${objectId}) on conflict do nothing`);
      await db.execute(sql('given_version_row')`
        insert into versions (id, object_id, blob_id, size_bytes, sha256, content_type)
        values (${id}, ${objectId}, ${blobId}, 10, '', 'text/plain')`);
      if (endedDaysAgo !== undefined) await givenEnded(stores, id, endedDaysAgo);
      else await db.execute(sql('given_current')`update objects set current_version_id = ${id} where id = ${objectId}`);
      return { id, objectId, blobId };
    },
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
});

it('keeps a version whose bucket was told to keep it longer while the removal waited for the blob', async () => {
  await using stores = await givenStores();
  const { db } = stores;
  const bucketId = await givenBucket(stores, { retentionDays: 0 });
  const { id, key, blobId } = await givenVersion(stores, { bucketId });
  await givenDeletion(stores, { bucketId, key });
  let removed: number | undefined;
  let removal: Promise<void> = Promise.resolve();
  await db.transaction(async (tx) => {
    await tx.row(sql('test_hold_blob')`select id from blobs where id = ${blobId} for update`);
    removal = new PgTrashRepository(db).removeVersions([id], {
      graceMs: 0,
      record: async (_tx, { versions }) => void (removed = versions),
    });
    await untilLockIsWaitedFor(db);
    await db.execute(sql('test_keep_longer')`update buckets set retention_days = 3650 where id = ${bucketId}`);
  });
  await removal;
  expect(removed).toBe(0);
});
