import { ElasticacheParameterGroup } from '@cdktf/provider-aws/lib/elasticache-parameter-group/index.js';
import { ElasticacheReplicationGroup } from '@cdktf/provider-aws/lib/elasticache-replication-group/index.js';
import { ElasticacheSubnetGroup } from '@cdktf/provider-aws/lib/elasticache-subnet-group/index.js';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { LogGroup } from './log-group.ts';
import { RedisUsers } from './redis-users.ts';
import type { Role } from './role.ts';
import type { SecurityGroup } from './security-group.ts';

export interface RedisCacheProps {
  readonly subnets: readonly Subnet[];
  readonly securityGroup: SecurityGroup;
  readonly key: EncryptionKey;
  readonly logsKey: EncryptionKey;
  readonly logRetentionDays: number;
  /** Such as `7.1`. */
  readonly engineVersion: string;
  readonly nodeType: string;
  /** One has no standby; from two on, failover is automatic and spans zones. */
  readonly nodes: number;
  /** 0 keeps none. */
  readonly snapshotDays: number;
  /** Each gets a user of its own, and signs in by IAM. */
  readonly programs: readonly string[];
}

/** Logs that ElastiCache hands to CloudWatch. */
const logTypes = ['slow-log', 'engine-log'] as const;

/** Redis over TLS for programs that sign in by IAM. What is in it can be lost: PostgreSQL has the truth. */
export class RedisCache extends Construct {
  readonly port = 6_379;
  readonly host: string;
  /** Names of the nodes, as metrics know them. */
  readonly nodeIds: readonly string[];
  readonly logGroups: readonly LogGroup[];
  readonly #arn: string;
  readonly #users: RedisUsers;

  constructor(scope: Construct, id: string, props: RedisCacheProps) {
    super(scope, id);
    const name = BaseStack.of(this).resourceName('cache', 'cacheGroup');
    this.logGroups = logTypes.map((type) => this.#addLogGroup(type, props));
    this.#users = new RedisUsers(this, 'Users', props.programs);
    const group = this.#addGroup(name, props);
    this.#arn = group.arn;
    this.host = group.primaryEndpointAddress;
    this.nodeIds = Array.from({ length: props.nodes }, (_, index) => `${name}-${String(index + 1).padStart(3, '0')}`);
  }

  /** Lets a role sign in as the user of a program. */
  grantConnect(role: Role, program: string): void {
    const { arn } = this.#users.user(program);
    role.allow(`Connect${this.node.id}`, [{ actions: ['elasticache:Connect'], resources: [this.#arn, arn] }]);
  }

  /** Name the program signs in with. Throws when the cache was made without it. */
  userName(program: string): string {
    return this.#users.user(program).userName;
  }

  #addGroup(name: string, props: RedisCacheProps): ElasticacheReplicationGroup {
    const { nodes, snapshotDays, key, securityGroup } = props;
    return new ElasticacheReplicationGroup(this, 'Resource', {
      replicationGroupId: name,
      description: 'Cache of metadata and credentials, limits, locks',
      engine: 'redis',
      engineVersion: props.engineVersion,
      nodeType: props.nodeType,
      numCacheClusters: nodes,
      automaticFailoverEnabled: nodes > 1,
      multiAzEnabled: nodes > 1,
      port: this.port,
      subnetGroupName: this.#addSubnetGroup(name, props),
      securityGroupIds: [securityGroup.groupId],
      parameterGroupName: this.#addParameters(name, props),
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: 'true',
      kmsKeyId: key.arn,
      userGroupIds: [this.#users.groupId],
      autoMinorVersionUpgrade: 'true',
      snapshotRetentionLimit: snapshotDays,
      snapshotWindow: '02:00-03:00',
      maintenanceWindow: 'sun:05:30-sun:06:30',
      logDeliveryConfiguration: logTypes.map((logType, index) => ({
        ...{ logType, logFormat: 'json', destinationType: 'cloudwatch-logs' },
        destination: this.logGroups[index]?.groupName ?? '',
      })),
    });
  }

  #addLogGroup(type: string, { logsKey, logRetentionDays }: RedisCacheProps): LogGroup {
    const name = BaseStack.of(this).logGroupName(`cache/${type}`);
    return new LogGroup(this, `Logs-${type}`, { name, retentionDays: logRetentionDays, key: logsKey });
  }

  #addSubnetGroup(name: string, { subnets }: RedisCacheProps): string {
    return new ElasticacheSubnetGroup(this, 'Subnets', {
      name,
      description: 'Subnets that reach nothing outside',
      subnetIds: subnets.map(({ id }) => id),
    }).name;
  }

  #addParameters(name: string, { engineVersion }: RedisCacheProps): string {
    const family = `redis${engineVersion.replace(/\..*$/, '')}`;
    return new ElasticacheParameterGroup(this, 'Parameters', {
      // The next one is made before the cache lets go of this one, and no two may have one name.
      name: `${name}-${family}`,
      family,
      description: 'Evicts what was used least recently',
      // Other policies may evict what was published a moment ago; then a slow fill could bring an older entry back.
      parameter: [{ name: 'maxmemory-policy', value: 'allkeys-lru' }],
      // A new description would make a new group too, of the same name.
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ['description'] },
    }).name;
  }
}
