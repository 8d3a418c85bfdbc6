import { openStorageInMemory } from '../../test/storage-in-memory.ts';
import { describeBucketRepository } from './bucket-repository-contract.ts';

describeBucketRepository('MemoryBucketRepository', async () => openStorageInMemory());
