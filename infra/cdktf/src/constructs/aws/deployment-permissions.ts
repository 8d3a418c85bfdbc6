import type { BaseStack } from '../../stacks/base-stack.ts';
import type { Permission, PolicyStatement } from './policy-document.ts';

/** Services the estate is made of. */
const services = [
  ...[
    'account',
    'acm',
    'autoscaling',
    'backup',
    'backup-storage',
    'budgets',
    'ce',
    'cloudtrail',
    'cloudwatch',
    'config',
    'ec2',
    'ec2messages',
  ],
  ...[
    'ecr',
    'eks',
    'eks-auth',
    'elasticache',
    'elasticloadbalancing',
    'events',
    'guardduty',
    'inspector2',
    'kms',
    'lambda',
    'logs',
  ],
  ...[
    'rds',
    'rds-db',
    'route53',
    's3',
    'secretsmanager',
    'sns',
    'sqs',
    'ssm',
    'ssmmessages',
    'sts',
    'synthetics',
    'tag',
    'wafv2',
    'xray',
  ],
  'access-analyzer',
];

/** Everything the estate is made of, but IAM. */
export const estateActions: readonly string[] = services.map((service) => `${service}:*`);

/** What a plan reads: settings, never what is stored. Complements the managed policies for auditors. */
export const planActions: readonly string[] = [
  ...['autoscaling', 'backup', 'ec2', 'ecr', 'eks', 'elasticache', 'elasticloadbalancing', 'rds'].flatMap((service) => [
    `${service}:Describe*`,
    `${service}:List*`,
  ]),
  ...['backup:Get*', 'budgets:View*', 'budgets:List*', 'ce:Get*', 'ce:List*', 'events:Describe*', 'events:List*'],
  ...['iam:Get*', 'iam:List*', 'kms:Describe*', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:List*'],
  ...[
    'logs:Describe*',
    'logs:List*',
    'route53:Get*',
    'route53:List*',
    'secretsmanager:Describe*',
    'secretsmanager:GetResourcePolicy',
  ],
  ...[
    's3:GetBucket*',
    's3:GetEncryptionConfiguration',
    's3:GetLifecycleConfiguration',
    's3:GetReplicationConfiguration',
  ],
  ...[
    's3:GetAccelerateConfiguration',
    's3:GetAccountPublicAccessBlock',
    's3:GetIntelligentTieringConfiguration',
    's3:ListBucket',
  ],
  ...[
    'sns:Get*',
    'sns:List*',
    'sqs:GetQueueAttributes',
    'sqs:ListQueueTags',
    'ssm:Describe*',
    'ssm:GetDocument',
    'ssm:GetParameter',
  ],
  ...[
    'synthetics:Get*',
    'wafv2:Get*',
    'wafv2:List*',
    'xray:Get*',
    'xray:List*',
    'acm:Describe*',
    'acm:List*',
    'ecr:Get*',
  ],
];

/** What no role of a stack can do, whatever it is granted: change who may do what, and read or write state. */
export function workloadBoundary(stateBucketArn: string): readonly PolicyStatement[] {
  return [
    { sid: 'Estate', actions: estateActions, resources: ['*'] },
    // The cluster's role makes the service-linked roles of load balancing.
    {
      sid: 'ServiceLinkedRoles',
      actions: ['iam:CreateServiceLinkedRole', 'iam:GetRole'],
      resources: ['*'],
    },
    { sid: 'DenyState', effect: 'Deny', actions: ['s3:*'], resources: [stateBucketArn, `${stateBucketArn}/*`] },
  ];
}

/** Roles that stacks make. Each must carry the boundary, so that making a role gives no more than the boundary has. */
export function roleManagement(stack: BaseStack, boundaryArn: string): readonly Permission[] {
  const own = (kind: string) => stack.arn({ service: 'iam', region: '', resource: `${kind}/${stack.namePrefix}*` });
  return [
    {
      actions: [
        ...['iam:AttachRolePolicy', 'iam:CreateRole', 'iam:DeleteRolePolicy', 'iam:DetachRolePolicy'],
        ...['iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy'],
      ],
      resources: [own('role')],
      conditions: { StringEquals: { 'iam:PermissionsBoundary': boundaryArn } },
    },
    {
      actions: [
        ...['iam:DeleteRole', 'iam:TagRole', 'iam:UntagRole', 'iam:UpdateAssumeRolePolicy', 'iam:UpdateRole'],
        'iam:UpdateRoleDescription',
      ],
      resources: [own('role')],
    },
    {
      actions: [
        ...['iam:AddRoleToInstanceProfile', 'iam:CreateInstanceProfile', 'iam:DeleteInstanceProfile'],
        ...['iam:RemoveRoleFromInstanceProfile', 'iam:TagInstanceProfile', 'iam:UntagInstanceProfile'],
      ],
      resources: [own('instance-profile')],
    },
    // A setting of the account; AWS can limit it to nothing.
    { actions: ['iam:DeleteAccountPasswordPolicy', 'iam:UpdateAccountPasswordPolicy'], resources: ['*'] },
    {
      actions: ['iam:PassRole'],
      resources: [own('role')],
      conditions: { StringEquals: { 'iam:PassedToService': passedTo } },
    },
    {
      actions: ['iam:CreateServiceLinkedRole'],
      resources: ['*'],
      conditions: { StringLike: { 'iam:AWSServiceName': linkedTo } },
    },
  ];
}

const passedTo = [
  ...[
    'backup',
    'config',
    'cloudtrail',
    'ec2',
    'ecr',
    'eks',
    'lambda',
    'monitoring.rds',
    'pods.eks',
    's3',
    'synthetics',
    'vpc-flow-logs',
  ],
].map((service) => `${service}.amazonaws.com`);

const linkedTo = [
  ...['autoscaling', 'backup', 'config', 'eks', 'eks-nodegroup', 'elasticache', 'elasticloadbalancing', 'guardduty'],
  ...['inspector2', 'rds', 'spot', 'wafv2', 'access-analyzer', 'malware-protection.guardduty', 'agentless.inspector2'],
  ...['pullthroughcache.ecr', 'reports.backup', 'restore-testing.backup'],
].map((service) => `${service}.amazonaws.com`);
