import type { Construct } from 'constructs';
import { EncryptionKey } from '../constructs/aws/encryption-key.ts';
import type { LogBucket } from '../constructs/aws/log-bucket.ts';
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

  constructor(scope: Construct, environment: Environment, props: DataStackProps) {
    super(scope, 'data', environment);
    const { isProtected } = environment;
    const { alerts, logBucket } = props.account;
    const database = this.#addDatabase(environment, props);
    const cache = this.#addCache(environment, props);
    const blobs = this.#addBlobs(environment, logBucket);
    new Recovery(this, 'Recovery', {
      ...environment.recovery,
      ...{ database, blobs, alerts, isProtected },
      reports: logBucket,
    });
    this.outputs = { blobs, database, cache };
  }

  #addDatabase({ database, operations, isProtected }: Environment, { account, network }: DataStackProps) {
    return new PostgresDatabase(this, 'Database', {
      key: this.#addKey('DatabaseKey', 'database', 'PostgreSQL: storage, snapshots, performance data'),
      secretsKey: this.#addKey('SecretsKey', 'secrets', 'Secrets'),
      ...database,
      credentials: credentialsOf(database),
      ...placeIn(network, operations),
      securityGroup: network.securityGroups.database,
      alerts: account.alerts,
      isProtected,
    });
  }

  #addCache({ cache, operations }: Environment, { network }: DataStackProps) {
    return new RedisCache(this, 'Cache', {
      key: this.#addKey('CacheKey', 'cache', 'Redis: memory on disk and snapshots'),
      ...cache,
      ...placeIn(network, operations),
      securityGroup: network.securityGroups.cache,
      programs: ['api'],
    });
  }

  #addBlobs({ storage, isProtected }: Environment, accessLogs: LogBucket) {
    return new PrivateBucket(this, 'Blobs', {
      name: 'blobs',
      key: this.#addKey('BlobsKey', 'blobs', 'The bytes of versions'),
      accessLogs,
      noncurrentDays: storage.noncurrentDays,
      noncurrentClass: 'unchanged',
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
  }

  #addKey(id: string, name: string, description: string): EncryptionKey {
    return new EncryptionKey(this, id, { name, description });
  }
}

function placeIn({ databaseSubnets: subnets, logsKey }: NetworkOutputs, { logDays }: Environment['operations']) {
  return { subnets, logsKey, logRetentionDays: logDays };
}

/** An environment with a replica and a managed password was refused when it was read. */
function credentialsOf(database: Environment['database']): PostgresCredentials {
  const { masterPassword, passwordVersion, readReplica } = database;
  return masterPassword === 'managed'
    ? { password: 'managed', readReplica: false }
    : { password: 'write-only', passwordVersion, readReplica };
}
