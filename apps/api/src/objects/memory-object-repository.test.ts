import { openStorageInMemory } from '../../test/storage-in-memory.ts';
import { describeObjectRepository } from './object-repository-contract.ts';

describeObjectRepository('MemoryObjectRepository', async () => openStorageInMemory());
