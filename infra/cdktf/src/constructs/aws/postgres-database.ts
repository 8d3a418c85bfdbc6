import { DbEventSubscription } from '@cdktf/provider-aws/lib/db-event-subscription/index.js';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group/index.js';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { AlertTopic } from './alert-topic.ts';
import { credentialArguments, type PostgresCredentials } from './postgres-credentials.ts';
import { PostgresInstance, type PostgresInstanceProps } from './postgres-instance.ts';
import { addParameterGroup } from './postgres-parameters.ts';
import { Role } from './role.ts';
import type { SecurityGroup } from './security-group.ts';

export interface PostgresDatabaseProps {
  readonly subnets: readonly Subnet[];
  readonly securityGroup: SecurityGroup;
  /** Encrypts storage, snapshots and performance data. */
  readonly key: EncryptionKey;
  /** Encrypts the administrator's password. */
  readonly secretsKey: EncryptionKey;
  readonly logsKey: EncryptionKey;
  readonly logRetentionDays: number;
  /** Learns of failures and changes. */
  readonly alerts: AlertTopic;
  /** Such as `17`; RDS installs the minor versions. */
  readonly majorVersion: string;
  readonly instanceClass: string;
  readonly storageGb: number;
  /** Storage grows by itself up to this. */
  readonly maxStorageGb: number;
  /** Whether a standby in another zone takes over when the primary fails. */
  readonly multiAz: boolean;
  readonly credentials: PostgresCredentials;
  /** How far back any point in time can be restored. */
  readonly backupDays: number;
  /** Whether Terraform and RDS refuse to delete it; else it goes without a last snapshot. */
  readonly isProtected: boolean;
}

/** What RDS tells of, by kind of source. */
const reported = {
  'db-instance': [
    'availability',
    'configuration change',
    'deletion',
    'failover',
    'failure',
    'low storage',
    'maintenance',
  ],
  'db-parameter-group': ['configuration change'],
  'db-security-group': ['configuration change', 'failure'],
} as const;

/** What a primary and its replica have in common. */
type SharedProps = Omit<PostgresInstanceProps, 'own'>;

/** PostgreSQL that only our network reaches, over TLS alone. Programs sign in by IAM, so they know no password. */
export class PostgresDatabase extends Construct {
  /** The database in it that all programs use. */
  readonly databaseName = 'stowage';
  readonly port = 5_432;
  /** How far back any point in time can be restored. */
  readonly backupDays: number;
  readonly subnetGroupName: string;
  readonly primary: PostgresInstance;
  readonly replica: PostgresInstance | undefined;

  constructor(scope: Construct, id: string, props: PostgresDatabaseProps) {
    super(scope, id);
    const name = BaseStack.of(this).resourceName('database', 'database');
    const shared: SharedProps = {
      ...props,
      name,
      parameterGroupName: addParameterGroup(this, { name, majorVersion: props.majorVersion }).name,
      monitoring: this.#addMonitoringRole(name),
    };
    this.backupDays = props.backupDays;
    this.subnetGroupName = this.#addSubnetGroup(name, props);
    this.primary = this.#addPrimary(shared, props);
    this.replica = props.credentials.readReplica ? this.#addReplica(shared) : undefined;
    this.#report(name, props.alerts);
  }

  /** Lets a role sign in as a database user who was granted `rds_iam`, at the primary and at its replica. */
  grantConnect(role: Role, user: string): void {
    const stack = BaseStack.of(this);
    const instances = [this.primary, ...(this.replica === undefined ? [] : [this.replica])];
    role.allow(`Connect${this.node.id}`, [
      {
        actions: ['rds-db:connect'],
        resources: instances.map(({ resourceId }) =>
          stack.arn({ service: 'rds-db', resource: `dbuser:${resourceId}/${user}` }),
        ),
      },
    ]);
  }

  #addPrimary(shared: SharedProps, props: PostgresDatabaseProps): PostgresInstance {
    const { key, secretsKey, credentials, majorVersion, storageGb, multiAz } = props;
    const { name, isProtected } = shared;
    const own: PostgresInstanceProps['own'] = {
      engine: 'postgres',
      engineVersion: majorVersion,
      // A version at the end of its life is upgraded rather than paid for.
      engineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      dbName: this.databaseName,
      port: this.port,
      ...credentialArguments(this, { credentials, isProtected, key: secretsKey }),
      allocatedStorage: storageGb,
      kmsKeyId: key.arn,
      dbSubnetGroupName: this.subnetGroupName,
      multiAz,
      backupRetentionPeriod: this.backupDays,
      backupWindow: '03:00-04:00',
      deleteAutomatedBackups: !isProtected,
      skipFinalSnapshot: !isProtected,
      ...(isProtected && { finalSnapshotIdentifier: `${name}-final` }),
    };
    return new PostgresInstance(this, 'Primary', { ...shared, own });
  }

  /** Version, storage, network and encryption are the primary's. */
  #addReplica(shared: SharedProps): PostgresInstance {
    const name = `${shared.name}-replica`;
    const own = { replicateSourceDb: this.primary.identifier, skipFinalSnapshot: true };
    return new PostgresInstance(this, 'Replica', { ...shared, name, own });
  }

  #addSubnetGroup(name: string, { subnets }: PostgresDatabaseProps): string {
    return new DbSubnetGroup(this, 'Subnets', {
      name,
      description: 'Subnets that reach nothing outside',
      subnetIds: subnets.map(({ id }) => id),
    }).name;
  }

  #addMonitoringRole(instance: string): Role {
    const stack = BaseStack.of(this);
    return new Role(this, 'Monitoring', {
      name: 'database-monitoring',
      description: 'Lets RDS report the operating system of the database',
      trust: [
        {
          sid: 'EnhancedMonitoring',
          principals: { Service: ['monitoring.rds.amazonaws.com'] },
          conditions: {
            StringEquals: { 'aws:SourceAccount': stack.accountId },
            ArnLike: { 'aws:SourceArn': stack.arn({ service: 'rds', resource: `db:${instance}*` }) },
          },
        },
      ],
      managedPolicies: ['service-role/AmazonRDSEnhancedMonitoringRole'],
    });
  }

  #report(name: string, alerts: AlertTopic): void {
    for (const [sourceType, eventCategories] of Object.entries(reported))
      new DbEventSubscription(this, `Events-${sourceType}`, {
        name: `${name}-${sourceType}`,
        snsTopic: alerts.arn,
        sourceType,
        eventCategories: [...eventCategories],
      });
  }
}
