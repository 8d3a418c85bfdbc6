import { DbInstance, type DbInstanceConfig } from '@cdktf/provider-aws/lib/db-instance/index.js';
import { Construct } from 'constructs';
import type { EncryptionKey } from './encryption-key.ts';
import { LogGroup } from './log-group.ts';
import type { Role } from './role.ts';
import type { SecurityGroup } from './security-group.ts';

export interface PostgresInstanceProps {
  /** Full name of the instance. */
  readonly name: string;
  readonly securityGroup: SecurityGroup;
  readonly parameterGroupName: string;
  readonly monitoring: Role;
  /** Encrypts performance data. */
  readonly key: EncryptionKey;
  readonly logsKey: EncryptionKey;
  readonly logRetentionDays: number;
  readonly instanceClass: string;
  readonly maxStorageGb: number;
  readonly isProtected: boolean;
  /** What sets a primary apart from a replica. */
  readonly own: Partial<DbInstanceConfig>;
}

/** Logs that RDS hands to CloudWatch. */
const logTypes = ['postgresql', 'upgrade'] as const;

/** One server: private, encrypted, watched, open to IAM authentication. */
export class PostgresInstance extends Construct {
  /** Name by which metrics know it. */
  readonly identifier: string;
  readonly arn: string;
  /** Id that policies know it by; a restored instance has another one. */
  readonly resourceId: string;
  /** Host name. */
  readonly host: string;
  readonly logGroups: readonly LogGroup[];

  constructor(scope: Construct, id: string, props: PostgresInstanceProps) {
    super(scope, id);
    const { name, own, logsKey, logRetentionDays } = props;
    this.logGroups = logTypes.map(
      (type) =>
        new LogGroup(this, `Logs-${type}`, {
          name: `/aws/rds/instance/${name}/${type}`,
          retentionDays: logRetentionDays,
          key: logsKey,
        }),
    );
    const instance = new DbInstance(this, 'Resource', {
      ...sharedSettings(props),
      ...own,
      // RDS would make them itself, without our key and without an end.
      dependsOn: this.logGroups.map(({ resource }) => resource),
    });
    this.identifier = instance.identifier;
    this.arn = instance.arn;
    this.resourceId = instance.resourceId;
    this.host = instance.address;
  }
}

function sharedSettings(props: PostgresInstanceProps): DbInstanceConfig {
  const { name, securityGroup, parameterGroupName, monitoring, key, instanceClass, maxStorageGb, isProtected } = props;
  return {
    identifier: name,
    instanceClass,
    maxAllocatedStorage: maxStorageGb,
    storageType: 'gp3',
    storageEncrypted: true,
    vpcSecurityGroupIds: [securityGroup.groupId],
    publiclyAccessible: false,
    parameterGroupName,
    iamDatabaseAuthenticationEnabled: true,
    caCertIdentifier: 'rds-ca-rsa2048-g1',
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: false,
    monitoringInterval: 60,
    monitoringRoleArn: monitoring.arn,
    databaseInsightsMode: 'standard',
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: key.arn,
    performanceInsightsRetentionPeriod: 7,
    enabledCloudwatchLogsExports: [...logTypes],
    maintenanceWindow: 'sun:04:30-sun:05:30',
    copyTagsToSnapshot: true,
    deletionProtection: isProtected,
    lifecycle: { preventDestroy: isProtected },
  };
}
