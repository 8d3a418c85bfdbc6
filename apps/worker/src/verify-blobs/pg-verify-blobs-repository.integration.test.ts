import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { untilLockIsWaitedFor } from '@stowage/db/testing';
import { v7 as newId } from 'uuid';
import { givenBlob, givenBucket, givenStores, givenVersion, type Stores } from '../../test/given.ts';
import { PgVerifyBlobsRepository } from './pg-verify-blobs-repository.ts';
import { describeVerifyBlobsRepository } from './verify-blobs-repository-contract.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await givenStores();
});
afterAll(async () => {
  await stores[Symbol.asyncDispose]();
});

describeVerifyBlobsRepository('PgVerifyBlobsRepository', async () => {
  const { db } = stores;
  await db.execute(sql('test_forget_blobs')`delete from blobs`);
  return {
    repository: new PgVerifyBlobsRepository(db),
    givenRow: async ({ state = 'live', createdAt, verifiedAt, fault }) => {
      const id = newId();
      await db.execute(sql('given_verification_row')`
        insert into blobs (id, state, size_bytes, sha256, created_at, delete_after, verified_at, quarantined_at, fault)
        values (${id}, ${state}, 3, ${Buffer.alloc(32, 'ab', 'hex')}, ${createdAt}, ${state === 'live' ? null : createdAt},
          ${verifiedAt ?? null}, ${fault === undefined ? null : createdAt}, ${fault ?? null})`);
      return id;
    },
  };
});

describe('a blob in quarantine', () => {
  async function quarantine(blobId: string, fault: 'missing' | undefined): Promise<void> {
    const repository = new PgVerifyBlobsRepository(stores.db);
    await repository.settle([{ id: blobId, fault }], { dryRun: false, record: async () => undefined });
  }

  it('is not copied, until it is found good', async () => {
    const bucketId = await givenBucket(stores);
    const { blobId } = await givenVersion(stores, { bucketId });
    await quarantine(blobId, 'missing');
    await expect(givenVersion(stores, { bucketId, blobId })).rejects.toThrow('blob-missing');
    await quarantine(blobId, undefined);
    await expect(givenVersion(stores, { bucketId, blobId })).resolves.toMatchObject({ blobId });
  });

  it('is not copied by a copy that waits for the verdict', async () => {
    const bucketId = await givenBucket(stores);
    const { blobId } = await givenVersion(stores, { bucketId });
    const repository = new PgVerifyBlobsRepository(stores.db);
    let copy: Promise<unknown> = Promise.resolve();
    await repository.settle([{ id: blobId, fault: 'missing' }], {
      dryRun: false,
      record: async () => {
        copy = givenVersion(stores, { bucketId, blobId }).catch((error: unknown) => error);
        await untilLockIsWaitedFor(stores.db);
      },
    });
    expect(await copy).toMatchObject({ message: 'put_version answered blob-missing' });
  });

  it('may be replaced by other bytes of the same object', async () => {
    const bucketId = await givenBucket(stores);
    const { blobId, key } = await givenVersion(stores, { bucketId });
    await quarantine(blobId, 'missing');
    const { id: fresh } = await givenBlob(stores, { state: 'pending' });
    await expect(givenVersion(stores, { bucketId, key, blobId: fresh })).resolves.toMatchObject({ blobId: fresh });
  });
});

describe('the ring', () => {
  it('is read from its index, whatever comes before', async () => {
    const { db } = stores;
    await db.execute(sql('test_fill_ring')`
      insert into blobs (id, state, size_bytes, sha256) select uuidv7(), 'live', 1, ''::bytea from generate_series(1, 20000)`);
    await db.execute(sql('test_analyze')`analyze blobs`);
    const plan = await db.rows<{ 'QUERY PLAN': string }>(sql('test_plan_of_ring')`
      explain select id from blobs
      where state = 'live' and verification_turn(quarantined_at, verified_at, created_at) < now()
        and (verification_turn(quarantined_at, verified_at, created_at), id)
          > ('-infinity'::timestamptz, '00000000-0000-0000-0000-000000000000'::uuid)
      order by verification_turn(quarantined_at, verified_at, created_at), id limit 1000`);
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toContain('Index Scan using blobs_verification_turn_idx');
    expect(text).not.toContain('Sort');
  });
});
