import { openPgRepositories } from '../../test/pg-identity-repositories.ts';
import { describeAccessTokenRepository } from './access-token-repository-contract.ts';

describeAccessTokenRepository('PgAccessTokenRepository', openPgRepositories);
