import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { Construct } from 'constructs';
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

  constructor(scope: Construct, id: string, { name, retentionDays, key }: LogGroupProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, 'Resource', {
      name,
      retentionInDays: retentionDays,
      kmsKeyId: key.arn,
    });
    this.arn = group.arn;
    this.groupName = group.name;
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
}
