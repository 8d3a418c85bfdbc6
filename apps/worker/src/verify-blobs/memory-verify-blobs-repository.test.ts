import { v7 as newId } from 'uuid';
import { noTransaction } from '../memory-job-run.ts';
import { MemoryVerifyBlobsRepository } from './memory-verify-blobs-repository.ts';
import { describeVerifyBlobsRepository } from './verify-blobs-repository-contract.ts';

describeVerifyBlobsRepository('MemoryVerifyBlobsRepository', async () => {
  const repository = new MemoryVerifyBlobsRepository({ now: () => new Date(), tx: noTransaction });
  return {
    repository,
    givenRow: async ({ state = 'live', createdAt, verifiedAt, fault }) => {
      const id = newId();
      const quarantinedAt = fault && createdAt;
      const row = { id, sizeBytes: 3, sha256: 'ab'.repeat(32), live: state === 'live' };
      repository.rows.set(id, { ...row, createdAt, verifiedAt, quarantinedAt, fault });
      return id;
    },
  };
});
