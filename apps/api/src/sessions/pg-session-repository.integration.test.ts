import { openPgRepositories } from '../../test/pg-identity-repositories.ts';
import { describeSessionRepository } from './session-repository-contract.ts';

describeSessionRepository('PgSessionRepository', openPgRepositories);
