import { openMemoryRepositories } from '../../test/identity-repositories.ts';
import { describeUserRepository } from './user-repository-contract.ts';

describeUserRepository('MemoryUserRepository', openMemoryRepositories);
