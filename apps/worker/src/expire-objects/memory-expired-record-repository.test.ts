import { describeExpiredRecordRepository } from './expired-record-repository-contract.ts';
import { MemoryExpiredRecordRepository } from './memory-expired-record-repository.ts';

describeExpiredRecordRepository('MemoryExpiredRecordRepository', async () => {
  const records = new MemoryExpiredRecordRepository();
  return {
    records,
    given: async (record) => records.add(record),
    [Symbol.asyncDispose]: async () => undefined,
  };
});
