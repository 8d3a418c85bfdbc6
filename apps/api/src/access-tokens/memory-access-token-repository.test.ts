import { openMemoryRepositories } from '../../test/identity-repositories.ts';
import { describeAccessTokenRepository } from './access-token-repository-contract.ts';

describeAccessTokenRepository('MemoryAccessTokenRepository', openMemoryRepositories);
