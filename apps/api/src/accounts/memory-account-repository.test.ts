import { openMemoryRepositories } from '../../test/identity-repositories.ts';
import { describeAccountRepository } from './account-repository-contract.ts';

describeAccountRepository('MemoryAccountRepository', openMemoryRepositories);
