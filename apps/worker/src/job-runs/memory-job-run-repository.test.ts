import { noTransaction } from '../memory-job-run.ts';
import { describeJobRunRepository } from './job-run-repository-contract.ts';
import { MemoryJobRunRepository } from './memory-job-run-repository.ts';

describeJobRunRepository('MemoryJobRunRepository', async () => ({
  runs: new MemoryJobRunRepository(),
  db: noTransaction,
  [Symbol.asyncDispose]: async () => undefined,
}));
