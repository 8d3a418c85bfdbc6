import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group/index.js';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { Role } from './role.ts';

export interface TargetGroupProps {
  readonly vpc: Vpc;
  /** Last part of the name. */
  readonly name: string;
  /** Port of the pods. */
  readonly port: number;
  /** Answers 200 while a pod takes requests. */
  readonly healthPath: string;
}

/** How long a pod that leaves still gets answers through, in seconds. A pod must live longer than that after it is told to stop. */
const deregistrationSeconds = 30;

/** Pods that a load balancer sends requests to, by their own addresses. The controller in the cluster registers them. */
export class TargetGroup extends Construct {
  readonly arn: string;
  /** Last part of the ARN, by which CloudWatch knows it. */
  readonly arnSuffix: string;
  readonly groupName: string;

  constructor(scope: Construct, id: string, { vpc, name, port, healthPath }: TargetGroupProps) {
    super(scope, id);
    this.groupName = BaseStack.of(this).resourceName(name, 'targetGroup');
    const group = new LbTargetGroup(this, 'Resource', {
      name: this.groupName,
      vpcId: vpc.id,
      targetType: 'ip',
      protocol: 'HTTP',
      protocolVersion: 'HTTP1',
      port,
      deregistrationDelay: String(deregistrationSeconds),
      // A new process has cold caches.
      slowStart: 30,
      loadBalancingAlgorithmType: 'round_robin',
      healthCheck: {
        enabled: true,
        protocol: 'HTTP',
        port: 'traffic-port',
        path: healthPath,
        matcher: '200',
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
    });
    this.arn = group.arn;
    this.arnSuffix = group.arnSuffix;
  }

  /** Lets the controller in the cluster keep the targets in step with the pods: what it calls for a TargetGroupBinding, and no more. */
  grantRegister(role: Role): void {
    role.allow(`Register${this.node.id}`, [
      {
        actions: [
          'elasticloadbalancing:RegisterTargets',
          'elasticloadbalancing:DeregisterTargets',
          'elasticloadbalancing:ModifyTargetGroup',
          'elasticloadbalancing:ModifyTargetGroupAttributes',
        ],
        resources: [this.arn],
      },
      {
        // These know no resources.
        actions: [
          'elasticloadbalancing:DescribeTargetGroups',
          'elasticloadbalancing:DescribeTargetHealth',
          'ec2:DescribeInstances',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeVpcs',
        ],
        resources: ['*'],
      },
    ]);
  }
}
