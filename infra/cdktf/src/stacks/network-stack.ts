import type { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import type { Construct } from 'constructs';
import { Bastion } from '../constructs/aws/bastion.ts';
import { EncryptionKey, logsAsKeyUser } from '../constructs/aws/encryption-key.ts';
import { FlowLogs } from '../constructs/aws/flow-logs.ts';
import type { LogGroup } from '../constructs/aws/log-group.ts';
import { ThreeTierVpc } from '../constructs/aws/three-tier-vpc.ts';
import { TrafficRules } from '../constructs/aws/traffic-rules.ts';
import { VpcEndpoints } from '../constructs/aws/vpc-endpoints.ts';
import { planCidrs } from '../environments/cidr-plan.ts';
import type { Environment } from '../environments/environment.ts';
import { BaseStack } from './base-stack.ts';

/** What other stacks may use of the network. */
export interface NetworkOutputs {
  readonly vpc: Vpc;
  /** One in each zone, for the load balancer. */
  readonly publicSubnets: readonly Subnet[];
  /** One in each zone, for nodes and pods. */
  readonly appSubnets: readonly Subnet[];
  /** One in each zone, for PostgreSQL and Redis. */
  readonly databaseSubnets: readonly Subnet[];
  readonly securityGroups: TrafficRules;
  readonly natGateways: readonly NatGateway[];
  /** Encrypts every log group of the environment whose name begins with `/stowage/ENVIRONMENT/` or `/aws/`. */
  readonly logsKey: EncryptionKey;
  readonly flowLogGroup: LogGroup;
}

/** The VPC, who may talk to whom in it, and the record of who did. */
export class NetworkStack extends BaseStack {
  readonly outputs: NetworkOutputs;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'network', environment);
    const { cidr, zones, nat, interfaceEndpoints, bastion } = environment.network;
    const { logDays: retentionDays } = environment.operations;

    const network = new ThreeTierVpc(this, 'Vpc', { cidr, zones, nat, plan: planCidrs(cidr, zones.length) });
    const { vpc } = network;
    const traffic = new TrafficRules(this, 'Traffic', { vpc, bastion });
    new VpcEndpoints(this, 'Endpoints', {
      ...{ vpc, tier: network.app, securityGroup: traffic.endpoints, interfaces: interfaceEndpoints },
    });

    const logsKey = new EncryptionKey(this, 'LogsKey', {
      name: 'logs',
      description: 'Log groups',
      users: [logsAsKeyUser(this, '')],
    });
    const flowLogs = new FlowLogs(this, 'FlowLogs', { vpc, key: logsKey, retentionDays });

    const [subnet] = network.app.subnets;
    if (traffic.bastion !== undefined && subnet !== undefined)
      new Bastion(this, 'Bastion', { subnet, securityGroup: traffic.bastion, logRetentionDays: retentionDays });

    this.outputs = {
      vpc,
      publicSubnets: network.public.subnets,
      appSubnets: network.app.subnets,
      databaseSubnets: network.database.subnets,
      securityGroups: traffic,
      natGateways: network.natGateways,
      logsKey,
      flowLogGroup: flowLogs.logGroup,
    };
  }
}
