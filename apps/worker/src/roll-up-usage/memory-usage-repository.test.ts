import { v7 as newId } from 'uuid';
import { MemoryUsageRepository } from './memory-usage-repository.ts';
import { describeUsageRepository } from './usage-repository-contract.ts';

describeUsageRepository('MemoryUsageRepository', async () => {
  const usage = new MemoryUsageRepository();
  return {
    usage,
    givenVersion: async ({ account, bucket, sizeBytes, blobSizeBytes = sizeBytes, createdAt, endedAt }) => {
      const place = { accountId: account, bucketId: bucket };
      usage.versions.push({ id: newId(), ...place, sizeBytes, blobSizeBytes, createdAt, endedAt });
    },
    givenWrongAccount: async (account, day) => usage.falsify(account, day),
    [Symbol.asyncDispose]: async () => undefined,
  };
});
