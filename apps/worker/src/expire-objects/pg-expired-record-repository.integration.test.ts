import { givenRecord } from '../../test/given-records.ts';
import { givenStores } from '../../test/given.ts';
import { describeExpiredRecordRepository } from './expired-record-repository-contract.ts';
import { PgExpiredRecordRepository } from './pg-expired-record-repository.ts';

describeExpiredRecordRepository('PgExpiredRecordRepository', async () => {
  const stores = await givenStores();
  return {
    records: new PgExpiredRecordRepository(stores.db),
    given: (record) => givenRecord(stores, record),
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
});
