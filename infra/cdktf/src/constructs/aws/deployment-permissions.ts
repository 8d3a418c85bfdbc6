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

/** Services that describe and list their settings, and answer with nothing that is stored in them. */
const describing = [
  ...['access-analyzer', 'autoscaling', 'backup', 'budgets', 'ce', 'cloudtrail', 'cloudwatch', 'config', 'ec2', 'ecr'],
  ...[
    'eks',
    'elasticache',
    'elasticloadbalancing',
    'events',
    'guardduty',
    'kms',
    'logs',
    'rds',
    'secretsmanager',
    'ssm',
  ],
];
/** Services that say what is set by `Get…`. */
const getting = [
  ...['access-analyzer', 'account', 'backup', 'ce', 'cloudtrail', 'cloudwatch', 'guardduty', 'iam', 'route53', 'sns'],
  ...['synthetics', 'wafv2', 'xray'],
];

/** What a plan reads: settings, never what is stored. The model `refresh-calls` says what of. */
export const planActions: readonly string[] = [
  ...describing.flatMap((service) => [`${service}:Describe*`, `${service}:List*`]),
  ...getting.map((service) => `${service}:Get*`),
  ...[
    'acm:Describe*',
    ...['acm', 'iam', 'route53', 'sns', 'wafv2', 'xray', 'synthetics'].map((name) => `${name}:List*`),
  ],
  ...['budgets:View*', 'ec2:GetEbs*', 'ec2:GetInstanceMetadataDefaults', 'ec2:GetSnapshotBlockPublicAccessState'],
  ...['ecr:GetLifecyclePolicy', 'ecr:GetRegistry*', 'ecr:GetRepositoryPolicy', 'inspector2:BatchGetAccountStatus'],
  ...['kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'logs:GetDataProtectionPolicy'],
  ...[
    's3:GetAccelerateConfiguration',
    's3:GetAccountPublicAccessBlock',
    's3:GetBucket*',
    's3:GetEncryptionConfiguration',
  ],
  ...['s3:GetIntelligentTieringConfiguration', 's3:GetLifecycleConfiguration', 's3:GetReplicationConfiguration'],
  ...['s3:ListBucket', 's3:ListTagsForResource', 'sqs:GetQueueAttributes', 'sqs:ListQueueTags'],
  // Draws a value and stores none: a plan opens ephemeral resources as an apply does.
  ...['secretsmanager:GetRandomPassword', 'secretsmanager:GetResourcePolicy', 'ssm:GetDocument', 'ssm:GetParameter'],
];

/**
 * The contents that a refresh asks for, by their names, as the stacks that own them come later: the script of the canary,
 * and the password of the database. That is read back to be given to RDS, and by the provider to learn its version; nothing keeps it.
 */
export function planContents(stack: BaseStack): readonly Permission[] {
  const canary = stack.arn({
    service: 's3',
    region: '',
    account: '',
    resource: stack.resourceName('canary', 'bucket'),
  });
  const secret = stack.arn({
    service: 'secretsmanager',
    resource: `secret:${stack.resourceName('database-password')}-*`,
  });
  const decrypt = { actions: ['kms:Decrypt'], resources: [stack.arn({ service: 'kms', resource: 'key/*' })] };
  return [
    { actions: ['s3:GetObject', 's3:GetObjectTagging'], resources: [`${canary}/scripts/*`] },
    { ...decrypt, conditions: { ArnEquals: { 'kms:EncryptionContext:aws:s3:arn': canary } } },
    { actions: ['secretsmanager:GetSecretValue'], resources: [secret] },
    { ...decrypt, conditions: { ArnLike: { 'kms:EncryptionContext:SecretARN': secret } } },
  ];
}

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
