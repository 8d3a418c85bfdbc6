import { openPgRepositories } from '../../test/pg-identity-repositories.ts';
import { describeInvitationRepository } from './invitation-repository-contract.ts';

describeInvitationRepository('PgInvitationRepository', openPgRepositories);
