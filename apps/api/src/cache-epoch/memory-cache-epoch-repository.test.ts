import { describeCacheEpochRepository } from './cache-epoch-repository-contract.ts';
import { MemoryCacheEpochRepository } from './memory-cache-epoch-repository.ts';

describeCacheEpochRepository('MemoryCacheEpochRepository', async () => ({
  epochs: new MemoryCacheEpochRepository(() => 0),
  [Symbol.asyncDispose]: async () => undefined,
}));
