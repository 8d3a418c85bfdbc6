import type { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { policyDocument } from './policy-document.ts';
import type { SecurityGroup } from './security-group.ts';
import type { SubnetTier } from './subnet-tier.ts';

export interface VpcEndpointsProps {
  readonly vpc: Vpc;
  /** Whose machines use the endpoints. */
  readonly tier: SubnetTier;
  /** Services with an interface in each subnet, such as `ecr.api`. */
  readonly interfaces: readonly string[];
  /** Of the interfaces; says who may connect. @default none, where there are no interfaces */
  readonly securityGroup: SecurityGroup | undefined;
}

/** Ways to AWS services that do not lead through the internet. Their policies let nobody carry data to another account. */
export class VpcEndpoints extends Construct {
  constructor(scope: Construct, id: string, { vpc, tier, securityGroup, interfaces }: VpcEndpointsProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    new VpcEndpoint(this, 'S3', {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${stack.region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: tier.routeTables.map(({ id: routeTableId }) => routeTableId),
      policy: s3Policy(stack),
    });
    for (const service of interfaces)
      new VpcEndpoint(this, service.replace('.', '-'), {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${stack.region}.${service}`,
        vpcEndpointType: 'Interface',
        privateDnsEnabled: true,
        subnetIds: tier.subnets.map(({ id: subnetId }) => subnetId),
        securityGroupIds: securityGroup === undefined ? [] : [securityGroup.groupId],
        policy: ownPrincipalsOnly(stack, service),
      });
  }
}

/**
 * Buckets of AWS that machines read, most of them without signing in: what ECR answers a pull with addresses in, the
 * packages of Amazon Linux, and what the agent of Systems Manager is updated and told from.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 * @see https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-technical-details.html
 */
function bucketsOfAws(region: string): readonly string[] {
  return [
    ...[`prod-${region}-starport-layer-bucket`, `al2023-repos-${region}-de612dc2`],
    ...[`amazon-ssm-${region}`, `aws-ssm-${region}`, `patch-baseline-snapshot-${region}`, `${region}-birdwatcher-prod`],
  ];
}

function s3Policy(stack: BaseStack): string {
  return policyDocument([
    {
      sid: 'OwnBuckets',
      principals: '*',
      actions: ['s3:*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:ResourceAccount': stack.accountId, 'aws:PrincipalAccount': stack.accountId } },
    },
    {
      sid: 'BucketsOfAws',
      principals: '*',
      actions: ['s3:GetObject'],
      resources: bucketsOfAws(stack.region).map((bucket) =>
        stack.arn({ service: 's3', region: '', account: '', resource: `${bucket}/*` }),
      ),
    },
  ]);
}

function ownPrincipalsOnly(stack: BaseStack, service: string): string {
  return policyDocument([
    {
      sid: 'OwnPrincipals',
      principals: '*',
      actions: [`${service.replace(/\..*$/, '')}:*`],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:PrincipalAccount': stack.accountId } },
    },
  ]);
}
