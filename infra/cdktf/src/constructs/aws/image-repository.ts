import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy/index.js';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository/index.js';
import { EcrRepositoryPolicy } from '@cdktf/provider-aws/lib/ecr-repository-policy/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { ownPolicyDocument, type PolicyStatement } from './policy-document.ts';
import type { Role } from './role.ts';

export interface ImageRepositoryProps {
  /** Last part of the name: the program in the images. */
  readonly name: string;
  readonly key: EncryptionKey;
  /** Whether a plan that would delete it is refused; else it is deleted with its images. */
  readonly isProtected: boolean;
}

/** Images of one program. A tag never moves to another image, so what was tested is what runs. */
export class ImageRepository extends Construct {
  readonly arn: string;
  readonly repositoryName: string;
  /** What images are named by, without a tag. */
  readonly url: string;

  constructor(scope: Construct, id: string, { name, key, isProtected }: ImageRepositoryProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const repository = new EcrRepository(this, 'Resource', {
      name: stack.resourceName(name),
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: 'KMS', kmsKey: key.arn }],
      forceDelete: !isProtected,
      lifecycle: { preventDestroy: isProtected },
    });
    this.arn = repository.arn;
    this.repositoryName = repository.name;
    this.url = repository.repositoryUrl;
    new EcrLifecyclePolicy(this, 'Lifecycle', { repository: repository.name, policy: imageLifecycle(30) });
    new EcrRepositoryPolicy(this, 'Policy', {
      repository: repository.name,
      policy: ownPolicyDocument([ownAccountOnly(stack.accountId)]),
    });
  }

  /** Lets a role add images, and read what is there to add only what is missing. */
  grantPush(role: Role): void {
    role.allow(`Push${this.node.id}`, [
      {
        actions: [
          'ecr:BatchCheckLayerAvailability',
          'ecr:BatchGetImage',
          'ecr:CompleteLayerUpload',
          'ecr:DescribeImages',
          'ecr:DescribeImageScanFindings',
          'ecr:GetDownloadUrlForLayer',
          'ecr:InitiateLayerUpload',
          'ecr:PutImage',
          'ecr:UploadLayerPart',
        ],
        resources: [this.arn],
      },
    ]);
  }
}

/** Keeps a number of tagged images; what lost its tag goes after a week. */
export function imageLifecycle(keptImages: number): string {
  const rule = (rulePriority: number, description: string, selection: Readonly<Record<string, unknown>>) => ({
    rulePriority,
    description,
    selection,
    action: { type: 'expire' },
  });
  return JSON.stringify({
    rules: [
      rule(1, 'Images without a tag go after 7 days', {
        ...{ tagStatus: 'untagged', countType: 'sinceImagePushed' },
        ...{ countUnit: 'days', countNumber: 7 },
      }),
      rule(2, `The last ${keptImages} images stay`, {
        ...{ tagStatus: 'tagged', tagPatternList: ['*'] },
        ...{ countType: 'imageCountMoreThan', countNumber: keptImages },
      }),
    ],
  });
}

/** Whatever IAM says elsewhere, no other account reads or writes images. */
export function ownAccountOnly(accountId: string): Omit<PolicyStatement, 'resources'> {
  return {
    sid: 'RefuseOtherAccounts',
    effect: 'Deny',
    principals: '*',
    actions: ['ecr:*'],
    conditions: { StringNotEquals: { 'aws:PrincipalAccount': accountId } },
  };
}
