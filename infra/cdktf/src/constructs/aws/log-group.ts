import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { Role } from './role.ts';

export interface LogGroupProps {
  /** Full name: services expect theirs, such as `/aws/eks/NAME/cluster`; ours begin with `/stowage/`. */
  readonly name: string;
  readonly retentionDays: number;
  readonly key: EncryptionKey;
}

/** A log group that forgets in time and is encrypted with our key. */
export class LogGroup extends Construct {
  readonly arn: string;
  readonly groupName: string;
  /** For what must wait until it exists. */
  readonly resource: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, { name, retentionDays, key }: LogGroupProps) {
    super(scope, id);
    this.resource = new CloudwatchLogGroup(this, 'Resource', {
      name,
      retentionInDays: retentionDays,
      kmsKeyId: key.arn,
    });
    this.arn = this.resource.arn;
    this.groupName = this.resource.name;
  }

  /** Lets a role write to it. */
  grantWrite(role: Role): void {
    role.allow(`Write${this.node.id}`, [
      {
        actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: [`${this.arn}:*`],
      },
    ]);
  }

  /** Lets a role look it up by its name, as Session Manager and VPC flow logs do before they write: among all groups. */
  grantFind(role: Role): void {
    const groups = BaseStack.of(this).arn({ service: 'logs', resource: 'log-group:*' });
    role.allow(`Find${this.node.id}`, [{ actions: ['logs:DescribeLogGroups'], resources: [groups] }]);
  }
}
