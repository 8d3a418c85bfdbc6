import { sql } from '@stowage/db';
import { givenBucket, givenStores, givenVersion } from '../../test/given.ts';
import { describeGarbageRepository } from './garbage-repository-contract.ts';
import { PgGarbageRepository } from './pg-garbage-repository.ts';

describeGarbageRepository('PgGarbageRepository', async () => {
  const stores = await givenStores();
  const { db } = stores;
  return {
    garbage: new PgGarbageRepository(db),
    given: async ({ id, state, sizeBytes, deleteAfter }) => {
      await db.execute(sql('given_blob_row')`
        insert into blobs (id, state, size_bytes, delete_after) values (${id}, ${state}, ${sizeBytes}, ${deleteAfter})`);
    },
    givenReferencedGarbage: async () => {
      const { blobId } = await givenVersion(stores, { bucketId: await givenBucket(stores) });
      await db.execute(sql('given_referenced_garbage')`
        update blobs set state = 'garbage', delete_after = now() where id = ${blobId}`);
      return blobId;
    },
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
});
