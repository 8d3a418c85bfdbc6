import { openMemoryRepositories } from '../../test/identity-repositories.ts';
import { describeInvitationRepository } from './invitation-repository-contract.ts';

describeInvitationRepository('MemoryInvitationRepository', openMemoryRepositories);
