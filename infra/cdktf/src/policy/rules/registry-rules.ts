import { blocksAt, valueAt } from '../attributes.ts';
import { admitsAnybody, grantsOf } from '../policy-statements.ts';
import { accompanied, each, some, type PolicyRule } from '../rule.ts';

const repository = 'aws_ecr_repository';

/** The registry of images. */
export const registryRules: readonly PolicyRule[] = [
  each(repository, {
    ids: ['CKV_AWS_51', 'AWS-0031', 'FSBP ECR.2'],
    title: 'never moves a tag',
    holds: ({ attributes }) => attributes.image_tag_mutability === 'IMMUTABLE',
  }),
  each(repository, {
    ids: ['CKV_AWS_136', 'AWS-0033'],
    title: 'is encrypted with a key of ours',
    holds: ({ attributes }) =>
      valueAt(attributes, 'encryption_configuration.encryption_type') === 'KMS' &&
      typeof valueAt(attributes, 'encryption_configuration.kms_key') === 'string',
  }),
  each(repository, {
    ids: ['CKV_AWS_163', 'AWS-0030', 'FSBP ECR.1', 'CIS 5.1.1'],
    title: 'looks at every image that is pushed',
    holds: ({ attributes }) => valueAt(attributes, 'image_scanning_configuration.scan_on_push') === true,
  }),
  each('aws_ecr_repository_policy', {
    ids: ['CKV_AWS_32', 'AWS-0032'],
    title: 'opens it to nobody outside',
    holds: (resource) => grantsOf(resource, 'policy').every((statement) => !admitsAnybody(statement)),
  }),
  accompanied(repository, {
    ids: ['CIS 5.1.2'],
    title: 'says who may pull and push',
    by: 'aws_ecr_repository_policy',
  }),
  accompanied(repository, {
    ids: ['FSBP ECR.3'],
    title: 'clears old images away',
    by: 'aws_ecr_lifecycle_policy',
  }),
  some('aws_ecr_registry_scanning_configuration', {
    ids: ['FSBP Inspector.2'],
    title: 'looks at images again when new faults become known',
    holds: ({ attributes }) => attributes.scan_type === 'ENHANCED' && blocksAt(attributes, 'rule').length > 0,
  }),
];
