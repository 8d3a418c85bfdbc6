import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { AutoscalingRole } from './autoscaling-role.ts';
import { policyDocument, type PolicyStatement } from './policy-document.ts';
import type { Role } from './role.ts';

/** A service that uses a key by itself; without one, only roles that are granted it do. */
export type KeyUser = Omit<PolicyStatement, 'resources' | 'effect'>;

export interface EncryptionKeyProps {
  /** Last part of the alias: what is encrypted. */
  readonly name: string;
  readonly description: string;
  /** @default none */
  readonly users?: readonly KeyUser[];
}

/** A key of our own: rotated yearly, deleted after 30 days of waiting at the earliest. */
export class EncryptionKey extends Construct {
  readonly arn: string;
  readonly keyId: string;
  /** ARN of the alias, known before the key is made. */
  readonly aliasArn: string;

  constructor(scope: Construct, id: string, { name, description, users = [] }: EncryptionKeyProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const administration: PolicyStatement = {
      sid: 'AccountDecidesByIam',
      principals: { AWS: [stack.arn({ service: 'iam', region: '', resource: 'root' })] },
      actions: ['kms:*'],
      resources: ['*'],
    };
    const key = new KmsKey(this, 'Resource', {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument([administration, ...users.map((user) => ({ ...user, resources: ['*'] }))]),
    });
    const alias = `alias/${stack.resourceName(name)}`;
    new KmsAlias(this, 'Alias', { name: alias, targetKeyId: key.keyId });
    this.aliasArn = stack.arn({ service: 'kms', resource: alias });
    this.arn = key.arn;
    this.keyId = key.keyId;
  }

  /** Lets a role read what the key encrypts. */
  grantDecrypt(role: Role): void {
    role.allow(`Decrypt${this.node.id}`, [{ actions: ['kms:Decrypt'], resources: [this.arn] }]);
  }

  /** Lets a role write and read what the key encrypts. */
  grantEncryptDecrypt(role: Role): void {
    role.allow(`EncryptDecrypt${this.node.id}`, [
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.arn] },
    ]);
  }

  /** Lets a role make and attach disks that are encrypted with the key. */
  grantVolumes(role: Role): void {
    role.allow(`Volumes${this.node.id}`, [
      { actions: volumeActions, resources: [this.arn] },
      {
        actions: ['kms:CreateGrant'],
        resources: [this.arn],
        conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      },
    ]);
  }
}

const volumeActions = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** Auto Scaling, which launches machines with disks that are encrypted with the key. */
export function volumesAsKeyUser(autoscalingRole: AutoscalingRole): readonly KeyUser[] {
  const principals = { AWS: [autoscalingRole.arn] };
  return [
    { sid: 'AutoScalingVolumes', principals, actions: volumeActions },
    {
      sid: 'AutoScalingGrants',
      principals,
      actions: ['kms:CreateGrant'],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ];
}

/** CloudWatch Logs, for the log groups of a stack's account whose names begin with a prefix. */
export function logsAsKeyUser(stack: BaseStack, groupPrefix: string): KeyUser {
  return {
    sid: 'CloudWatchLogs',
    principals: { Service: [`logs.${stack.region}.amazonaws.com`] },
    actions: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:DescribeKey',
    ],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': stack.arn({ service: 'logs', resource: `log-group:${groupPrefix}*` }),
      },
    },
  };
}
