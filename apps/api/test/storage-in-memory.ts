import { v7 as newId } from 'uuid';
import { MemoryBucketRepository } from '../src/buckets/memory-bucket-repository.ts';
import { MemoryObjectRepository } from '../src/objects/memory-object-repository.ts';
import type { StorageRepositories } from './storage-repositories.ts';

export interface StorageInMemory extends StorageRepositories {
  readonly buckets: MemoryBucketRepository;
  readonly objects: MemoryObjectRepository;
}

/** The doubles over one store in memory. */
export function openStorageInMemory(): StorageInMemory {
  const users = new Map<string, string>();
  let generation = 0;
  const nextGeneration = (): number => (generation += 1);
  const buckets: MemoryBucketRepository = new MemoryBucketRepository({
    users,
    nextGeneration,
    hasObjects: (bucketId) => objects.hasObjects(bucketId),
  });
  const objects = new MemoryObjectRepository({ buckets, nextGeneration });
  const givenUser = async (accountId: string): Promise<string> => {
    const userId = newId();
    users.set(userId, accountId);
    return userId;
  };
  return {
    buckets,
    objects,
    givenUser,
    givenAccount: async () => {
      const accountId = newId();
      return { accountId, userId: await givenUser(accountId) };
    },
    giveUpBlob: async (id) => objects.giveUpBlob(id),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
