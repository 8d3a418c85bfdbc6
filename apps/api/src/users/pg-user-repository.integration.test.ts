import { openPgRepositories } from '../../test/pg-identity-repositories.ts';
import { describeUserRepository } from './user-repository-contract.ts';

describeUserRepository('PgUserRepository', openPgRepositories);
