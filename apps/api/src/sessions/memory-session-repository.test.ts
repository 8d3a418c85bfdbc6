import { openMemoryRepositories } from '../../test/identity-repositories.ts';
import { describeSessionRepository } from './session-repository-contract.ts';

describeSessionRepository('MemorySessionRepository', openMemoryRepositories);
