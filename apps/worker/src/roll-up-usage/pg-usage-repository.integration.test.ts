import { describe, expect, it } from '@jest/globals';
import { sql, type Db } from '@stowage/db';
import { v7 as newId } from 'uuid';
import { givenAccount, givenBucket, givenStores, type Stores } from '../../test/given.ts';
import { PgUsageRepository } from './pg-usage-repository.ts';
import { describeUsageRepository, type GivenVersion } from './usage-repository-contract.ts';

describeUsageRepository('PgUsageRepository', async () => {
  const stores = await givenStores();
  const accounts = new Map<string, string>();
  const buckets = new Map<string, string>();
  return {
    usage: new PgUsageRepository(stores.db),
    givenVersion: async ({ account, bucket, ...version }) => {
      const accountId = accounts.get(account) ?? (await givenAccount(stores)).accountId;
      accounts.set(account, accountId);
      const bucketId = buckets.get(bucket) ?? (await givenBucket(stores, { accountId }));
      buckets.set(bucket, bucketId);
      await insertVersion(stores.db, bucketId, version);
    },
    givenWrongAccount: async (account, day) => {
      await stores.db.execute(sql('given_wrong_account')`
        update account_usage set current_bytes = current_bytes + 1
        where account_id = ${accounts.get(account) ?? ''} and day = ${day}::date`);
    },
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
});

describe('PgUsageRepository', () => {
  const day = '2026-03-02';
  const record = async (): Promise<void> => undefined;
  const measure = async ({ db }: Stores): Promise<PgUsageRepository> => {
    const usage = new PgUsageRepository(db);
    await usage.addPage({ days: [day], after: undefined, limit: 10, dryRun: false }, record);
    await usage.completeDays([day], { measuredAt: new Date(), record });
    return usage;
  };

  it('has a row for a bucket and an account that were empty, not for those that were not there', async () => {
    await using stores = await givenStores();
    const { accountId } = await givenAccount(stores);
    const [there, gone, early] = [
      await givenBucket(stores, { accountId }),
      await givenBucket(stores, { accountId }),
      await givenBucket(stores),
    ];
    await stores.db.execute(sql('given_times')`update buckets set created_at = '2026-03-01' where id <> ${early}`);
    await stores.db.execute(
      sql('given_account_time')`update accounts set created_at = '2026-03-01' where id = ${accountId}`,
    );
    await stores.db.execute(sql('given_end')`update buckets set deleted_at = '2026-03-02 12:00Z' where id = ${gone}`);
    await measure(stores);
    expect(await stores.db.rows(sql('test_buckets')`select bucket_id from bucket_usage`)).toEqual([
      { bucket_id: there },
    ]);
    expect(await stores.db.rows(sql('test_accounts')`select account_id from account_usage`)).toEqual([
      { account_id: accountId },
    ]);
  });

  it('takes all that a deleted bucket holds for trash', async () => {
    await using stores = await givenStores();
    const bucketId = await givenBucket(stores);
    await insertVersion(stores.db, bucketId, { sizeBytes: 10, createdAt: new Date('2026-03-01') });
    await stores.db.execute(
      sql('given_end')`update buckets set deleted_at = '2026-03-02 12:00Z' where id = ${bucketId}`,
    );
    const usage = await measure(stores);
    expect(await usage.getTotal(day)).toEqual({ currentObjects: 0, currentBytes: 0, trashVersions: 1, trashBytes: 10 });
  });

  it('keeps the usage of a bucket that is removed', async () => {
    await using stores = await givenStores();
    const bucketId = await givenBucket(stores);
    await stores.db.execute(sql('given_times')`update buckets set created_at = '2026-03-01'`);
    await measure(stores);
    await stores.db.execute(sql('given_removal')`delete from buckets where id = ${bucketId}`);
    expect(await stores.db.rows(sql('test_buckets')`select bucket_id from bucket_usage`)).toEqual([
      { bucket_id: bucketId },
    ]);
  });
});

async function insertVersion(
  db: Db,
  bucketId: string,
  { sizeBytes, blobSizeBytes = sizeBytes, createdAt, endedAt }: Omit<GivenVersion, 'account' | 'bucket'>,
): Promise<void> {
  const [blobId, objectId, versionId] = [newId(), newId(), newId()];
  await db.execute(sql('given_usage_blob')`
    insert into blobs (id, state, size_bytes, sha256) values (${blobId}, 'live', ${blobSizeBytes}, '\\x00')`);
  await db.execute(sql('given_usage_object')`
    insert into objects (id, bucket_id, key) values (${objectId}, ${bucketId}, ${objectId})`);
  await db.execute(sql('given_usage_version')`
    insert into versions (id, object_id, blob_id, size_bytes, sha256, content_type, created_at, ended_at)
    values (${versionId}, ${objectId}, ${blobId}, ${sizeBytes}, '\\x00', 'text/plain', ${createdAt}, ${endedAt ?? null})`);
}
