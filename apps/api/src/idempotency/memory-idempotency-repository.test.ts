import { describeIdempotencyRepository } from './idempotency-repository-contract.ts';
import { MemoryIdempotencyRepository } from './memory-idempotency-repository.ts';

describeIdempotencyRepository('MemoryIdempotencyRepository', async () => ({
  keys: new MemoryIdempotencyRepository(),
  [Symbol.asyncDispose]: async () => undefined,
}));
