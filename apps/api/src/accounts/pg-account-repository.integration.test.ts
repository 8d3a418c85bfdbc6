import { openPgRepositories } from '../../test/pg-identity-repositories.ts';
import { describeAccountRepository } from './account-repository-contract.ts';

describeAccountRepository('PgAccountRepository', openPgRepositories);
