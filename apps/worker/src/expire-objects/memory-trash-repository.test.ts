import { v7 as newId } from 'uuid';
import { MemoryTrashRepository } from './memory-trash-repository.ts';
import { describeTrashRepository } from './trash-repository-contract.ts';

describeTrashRepository('MemoryTrashRepository', async () => {
  const trash = new MemoryTrashRepository();
  return {
    trash,
    givenBucket: async (fields) => {
      const id = newId();
      trash.add({ id, ...fields });
      return id;
    },
    givenVersion: async ({ objectId = newId(), blobId = newId(), ...fields }) => {
      const version = { id: newId(), objectId, blobId, sizeBytes: 10, ...fields };
      trash.add(version);
      return version;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
});
