import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { v7 as newId } from 'uuid';
import { givenStores, type Stores } from '../../test/given.ts';
import { PgReconcileStorageRepository } from './pg-reconcile-storage-repository.ts';
import { describeReconcileStorageRepository } from './reconcile-storage-repository-contract.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await givenStores();
});
afterAll(async () => {
  await stores[Symbol.asyncDispose]();
});

describeReconcileStorageRepository('PgReconcileStorageRepository', async () => {
  const { db } = stores;
  await db.execute(sql('test_forget_blobs')`delete from blobs`);
  return {
    repository: new PgReconcileStorageRepository(db),
    givenRow: async ({ id, state, fault }) => {
      const known = state === 'pending' ? { size: null, digest: null } : { size: 3, digest: Buffer.alloc(32) };
      await db.execute(sql('given_reconciliation_row')`
        insert into blobs (id, state, size_bytes, sha256, delete_after, quarantined_at, fault)
        values (${id}, ${state}, ${known.size}, ${known.digest}, ${state === 'live' ? null : new Date()},
          ${fault === undefined ? null : new Date()}, ${fault ?? null})`);
    },
  };
});

describe('PgReconcileStorageRepository', () => {
  it('gives an orphan the time at which the collector may delete it', async () => {
    const [id, deleteAfter] = [newId(), new Date('2100-01-01T00:00:00Z')];
    const repairs = { orphans: [{ id, sizeBytes: 7 }], losses: [] };
    const options = { dryRun: false, deleteAfter, record: async () => undefined };
    await new PgReconcileStorageRepository(stores.db).settle(repairs, options);
    const row = await stores.db.row(
      sql('test_orphan')`select state, size_bytes, delete_after from blobs where id = ${id}`,
    );
    expect(row).toEqual({ state: 'garbage', size_bytes: 7, delete_after: deleteAfter });
  });
});
