import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition/index.js';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log/index.js';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { LogGroup } from './log-group.ts';
import { Role } from './role.ts';

export interface FlowLogsProps {
  readonly vpc: Vpc;
  readonly key: EncryptionKey;
  readonly retentionDays: number;
}

/** Records every connection of a VPC, refused ones included, with a saved query for those. */
export class FlowLogs extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { vpc, key, retentionDays }: FlowLogsProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    this.logGroup = new LogGroup(this, 'Logs', { name: stack.logGroupName('flows'), retentionDays, key });
    const role = new Role(this, 'Role', {
      name: 'flow-logs',
      description: 'Lets VPC flow logs write to their log group',
      trust: [
        {
          sid: 'FlowLogs',
          principals: { Service: ['vpc-flow-logs.amazonaws.com'] },
          conditions: {
            StringEquals: { 'aws:SourceAccount': stack.accountId },
            ArnLike: { 'aws:SourceArn': stack.arn({ service: 'ec2', resource: 'vpc-flow-log/*' }) },
          },
        },
      ],
    });
    this.logGroup.grantWrite(role);
    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    this.logGroup.grantFind(role);
    new FlowLog(this, 'Resource', {
      vpcId: vpc.id,
      trafficType: 'ALL',
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logDestination: this.logGroup.arn,
      iamRoleArn: role.arn,
    });
    new CloudwatchQueryDefinition(this, 'Refused', {
      name: `${stack.resourceName('network')}/refused-connections`,
      logGroupNames: [this.logGroup.groupName],
      queryString: [
        'filter action = "REJECT"',
        'stats count(*) as connections by srcAddr, dstAddr, dstPort, protocol',
        'sort connections desc',
        'limit 100',
      ].join('\n| '),
    });
  }
}
