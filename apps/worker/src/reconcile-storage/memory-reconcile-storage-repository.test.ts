import { noTransaction } from '../memory-job-run.ts';
import { MemoryReconcileStorageRepository } from './memory-reconcile-storage-repository.ts';
import { describeReconcileStorageRepository } from './reconcile-storage-repository-contract.ts';

describeReconcileStorageRepository('MemoryReconcileStorageRepository', async () => {
  const repository = new MemoryReconcileStorageRepository(noTransaction);
  return {
    repository,
    givenRow: async ({ id, state, fault }) => {
      const sizeBytes = state === 'pending' ? undefined : 3;
      repository.rows.set(id, { id, state, sizeBytes, ...(fault !== undefined && { fault }) });
    },
  };
});
