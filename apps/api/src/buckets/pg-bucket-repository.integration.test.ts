import { openStorageInPostgres } from '../../test/storage-in-postgres.ts';
import { describeBucketRepository } from './bucket-repository-contract.ts';

describeBucketRepository('PgBucketRepository', openStorageInPostgres);
