import { IamServiceLinkedRole } from '@cdktf/provider-aws/lib/iam-service-linked-role/index.js';
import { Construct } from 'constructs';

/**
 * The role Auto Scaling launches machines with. An account has it once, and AWS makes it at the first use: too late for
 * a key policy, which must name it. In an account that has it already, import it.
 */
export class AutoscalingRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.arn = new IamServiceLinkedRole(this, 'Resource', { awsServiceName: 'autoscaling.amazonaws.com' }).arn;
  }
}
