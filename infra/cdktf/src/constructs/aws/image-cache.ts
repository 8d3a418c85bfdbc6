import { EcrPullThroughCacheRule } from '@cdktf/provider-aws/lib/ecr-pull-through-cache-rule/index.js';
import { EcrRepositoryCreationTemplate } from '@cdktf/provider-aws/lib/ecr-repository-creation-template/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { imageLifecycle, ownAccountOnly } from './image-repository.ts';
import { ownPolicyDocument } from './policy-document.ts';
import { Role } from './role.ts';

/** Registries that ask for no account, by the first part of the names their images get here. */
const upstreams = {
  'aws-public': 'public.ecr.aws',
  kubernetes: 'registry.k8s.io',
  quay: 'quay.io',
} as const;

export interface ImageCacheProps {
  readonly key: EncryptionKey;
}

/**
 * Fetches images of others on first use and keeps them in our registry, so that nodes pull from there alone and go on
 * when the other registry is away: `registry.k8s.io/pause` is `REGISTRY/kubernetes/pause`.
 */
export class ImageCache extends Construct {
  readonly #repositories: readonly string[];

  constructor(scope: Construct, id: string, { key }: ImageCacheProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    this.#repositories = Object.keys(upstreams).map((prefix) =>
      stack.arn({ service: 'ecr', resource: `repository/${prefix}/*` }),
    );
    const role = this.#addRole(stack, key);
    for (const [prefix, upstreamRegistryUrl] of Object.entries(upstreams)) {
      const template = new EcrRepositoryCreationTemplate(this, `Template-${prefix}`, {
        prefix,
        description: `Images of ${upstreamRegistryUrl}`,
        appliedFor: ['PULL_THROUGH_CACHE'],
        customRoleArn: role.arn,
        imageTagMutability: 'IMMUTABLE',
        encryptionConfiguration: [{ encryptionType: 'KMS', kmsKey: key.arn }],
        lifecyclePolicy: imageLifecycle(10),
        repositoryPolicy: ownPolicyDocument([ownAccountOnly(stack.accountId)]),
        resourceTags: { ...stack.requiredTags },
      });
      new EcrPullThroughCacheRule(this, `Rule-${prefix}`, {
        ecrRepositoryPrefix: prefix,
        upstreamRegistryUrl,
        // A repository that is made before its template would have none of its settings.
        dependsOn: [template],
      });
    }
  }

  /**
   * Lets a role have images fetched that are not here yet, beside what any pull takes. ECR asks it of who pulls, whatever makes the repository.
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
   */
  grantFetch(role: Role): void {
    role.allow('FetchImages', [
      {
        actions: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:TagResource'],
        resources: this.#repositories,
      },
    ]);
  }

  /** ECR makes the repositories, tagged and under our key, as this role. */
  #addRole(stack: BaseStack, key: EncryptionKey): Role {
    const role = new Role(this, 'Role', {
      name: 'image-cache',
      description: 'Lets ECR make repositories for images of others',
      trust: [
        {
          sid: 'Ecr',
          principals: { Service: ['ecr.amazonaws.com'] },
          conditions: { StringEquals: { 'aws:SourceAccount': stack.accountId } },
        },
      ],
    });
    role.allow('MakeRepositories', [
      {
        actions: ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'],
        resources: this.#repositories,
      },
      { actions: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'], resources: [key.arn] },
    ]);
    return role;
  }
}
