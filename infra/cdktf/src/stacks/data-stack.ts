import type { Construct } from 'constructs';
import { EncryptionKey } from '../constructs/aws/encryption-key.ts';
import type { PostgresCredentials } from '../constructs/aws/postgres-credentials.ts';
import { PostgresDatabase } from '../constructs/aws/postgres-database.ts';
import { PrivateBucket } from '../constructs/aws/private-bucket.ts';
import { Recovery } from '../constructs/aws/recovery.ts';
import { RedisCache } from '../constructs/aws/redis-cache.ts';
import type { Environment } from '../environments/environment.ts';
import type { AccountOutputs } from './account-stack.ts';
import { BaseStack } from './base-stack.ts';
import type { NetworkOutputs } from './network-stack.ts';

export interface DataStackProps {
  readonly account: AccountOutputs;
  readonly network: NetworkOutputs;
}

/** What other stacks may use of the data. */
export interface DataOutputs {
  /** The bytes of versions. */
  readonly blobs: PrivateBucket;
  readonly database: PostgresDatabase;
  readonly cache: RedisCache;
}

/** All that holds state: PostgreSQL, Redis, the bytes, their keys and backups. */
export class DataStack extends BaseStack {
  readonly outputs: DataOutputs;

  constructor(scope: Construct, environment: Environment, { account, network }: DataStackProps) {
    super(scope, 'data', environment);
    const { isProtected } = environment;
    const key = (name: string, description: string) =>
      new EncryptionKey(this, `${name[0]?.toUpperCase()}${name.slice(1)}Key`, { name, description });

    const database = new PostgresDatabase(this, 'Database', {
      key: key('database', 'PostgreSQL: storage, snapshots, performance data'),
      secretsKey: key('secrets', 'Secrets'),
      ...environment.database,
      credentials: credentialsOf(environment.database),
      ...this.#placeIn(network, environment),
      alerts: account.alerts,
      securityGroup: network.securityGroups.database,
      isProtected,
    });
    const cache = new RedisCache(this, 'Cache', {
      key: key('cache', 'Redis: memory on disk and snapshots'),
      ...environment.cache,
      ...this.#placeIn(network, environment),
      securityGroup: network.securityGroups.cache,
      programs: ['api'],
    });
    const blobs = new PrivateBucket(this, 'Blobs', {
      name: 'blobs',
      key: key('blobs', 'The bytes of versions'),
      accessLogs: account.logBucket,
      noncurrentDays: environment.storage.noncurrentDays,
      isProtected,
      lifecycleRules: [
        {
          id: 'tier-by-use',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          transition: [{ days: 0, storageClass: 'INTELLIGENT_TIERING' }],
        },
      ],
    });

    new Recovery(this, 'Recovery', {
      ...environment.recovery,
      ...{ database, blobs, isProtected },
      alerts: account.alerts,
      reports: account.logBucket,
    });

    this.outputs = { blobs, database, cache };
  }

  #placeIn({ databaseSubnets, logsKey }: NetworkOutputs, { operations }: Environment) {
    return { subnets: databaseSubnets, logsKey, logRetentionDays: operations.logDays };
  }
}

/** An environment with a replica and a managed password was refused when it was read. */
function credentialsOf(database: Environment['database']): PostgresCredentials {
  const { masterPassword, passwordVersion, readReplica } = database;
  return masterPassword === 'managed'
    ? { password: 'managed', readReplica: false }
    : { password: 'write-only', passwordVersion, readReplica };
}
