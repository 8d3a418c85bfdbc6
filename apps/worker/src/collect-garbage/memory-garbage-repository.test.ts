import { v7 as newId } from 'uuid';
import { describeGarbageRepository } from './garbage-repository-contract.ts';
import { MemoryGarbageRepository } from './memory-garbage-repository.ts';

describeGarbageRepository('MemoryGarbageRepository', async () => {
  const garbage = new MemoryGarbageRepository();
  return {
    garbage,
    given: async (row) => garbage.add(row),
    givenReferencedGarbage: async () => {
      const id = newId();
      garbage.add({ id, state: 'garbage', sizeBytes: 1, deleteAfter: new Date(0), referenced: true });
      return id;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
});
