import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { givenBucket, newVersion, putNew } from '../../test/storage-repositories.ts';
import { openStorageInPostgres, type StorageInPostgres } from '../../test/storage-in-postgres.ts';
import { UploadExpiredError } from './object-errors.ts';
import { describeObjectRepository } from './object-repository-contract.ts';

describeObjectRepository('PgObjectRepository', openStorageInPostgres);

describe('PgObjectRepository in the tables', () => {
  let storage: StorageInPostgres;
  beforeAll(async () => {
    storage = await openStorageInPostgres();
  });
  afterAll(async () => {
    await storage[Symbol.asyncDispose]();
  });

  it('ends every version but the current one, however many are written at once', async () => {
    const { db } = storage;
    const bucket = await givenBucket(storage);
    await Promise.all(Array.from({ length: 50 }, () => putNew(storage, newVersion(bucket, 'key'))));
    const [counts] = await db.rows(sql('count_versions')`
      select count(*) as versions, count(*) filter (where v.ended_at is null) as current,
        count(distinct o.id) as objects,
        count(*) filter (where v.ended_at is null and o.current_version_id = v.id) as referred_to
      from versions v join objects o on o.id = v.object_id where o.bucket_id = ${bucket.id}`);
    expect(counts).toEqual({ versions: 50, current: 1, objects: 1, referred_to: 1 });
  });

  it('refuses to copy a blob in quarantine, and takes other bytes for its object', async () => {
    const { db } = storage;
    const bucket = await givenBucket(storage);
    const { object } = await putNew(storage, newVersion(bucket, 'damaged'));
    await db.execute(sql('test_quarantine_blob')`
      update blobs set quarantined_at = now(), fault = 'missing' where id = ${object.blobId}`);
    const shared = { kind: 'shared', id: object.blobId } as const;
    const copy = storage.objects.putVersion(newVersion(bucket, 'copy', { blob: shared }), {});
    await expect(copy).rejects.toBeInstanceOf(UploadExpiredError);
    await expect(putNew(storage, newVersion(bucket, 'damaged'))).resolves.toMatchObject({ created: false });
  });

  it('keeps the blob of a refused version pending, with its deadline', async () => {
    const { db } = storage;
    const bucket = await givenBucket(storage);
    const { object } = await putNew(storage, newVersion(bucket, 'key'));
    const refused = newVersion(bucket, 'key');
    await expect(putNew(storage, refused, { ifAbsent: true })).rejects.toThrow();
    const states = await db.rows(sql('read_blob_states')`
      select id, state, delete_after is not null as has_deadline from blobs
      where id = any (${[object.blobId, refused.blob.id]}::uuid[]) order by state`);
    expect(states).toEqual([
      { id: object.blobId, state: 'live', has_deadline: false },
      { id: refused.blob.id, state: 'pending', has_deadline: true },
    ]);
  });

  it('waits for a deletion of the bucket that is about to be committed, and then refuses', async () => {
    const { buckets } = storage;
    const bucket = await givenBucket(storage);
    const versions = Array.from({ length: 10 }, (_, index) => newVersion(bucket, `key-${index}`));
    const [deleted, ...puts] = await Promise.allSettled([
      buckets.delete(bucket.id, { force: true }),
      ...versions.map((version) => putNew(storage, version)),
    ]);
    expect(deleted.status).toBe('fulfilled');
    const generation = deleted.status === 'fulfilled' ? (deleted.value ?? 0) : 0;
    for (const put of puts) if (put.status === 'fulfilled') expect(put.value.generation).toBeLessThan(generation);
  });
});
