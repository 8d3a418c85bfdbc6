import { numberAt, textsAt, valueAt } from '../attributes.ts';
import { each, none, type PolicyRule } from '../rule.ts';

const group = 'aws_elasticache_replication_group';

/** The cache. */
export const cacheRules: readonly PolicyRule[] = [
  each(group, {
    ids: ['CKV_AWS_29', 'AWS-0045', 'FSBP ElastiCache.4'],
    title: 'is encrypted where it is stored',
    holds: ({ attributes }) => String(attributes.at_rest_encryption_enabled) === 'true',
  }),
  each(group, {
    ids: ['CKV_AWS_30', 'AWS-0051', 'FSBP ElastiCache.5'],
    title: 'is encrypted on its way',
    holds: ({ attributes }) =>
      attributes.transit_encryption_enabled === true && attributes.transit_encryption_mode !== 'preferred',
  }),
  each(group, {
    ids: ['CKV_AWS_31', 'FSBP ElastiCache.6'],
    title: 'admits named users alone',
    holds: ({ attributes }) => textsAt(attributes, 'user_group_ids').length > 0,
  }),
  each('aws_elasticache_user', {
    ids: ['Stowage cache-users'],
    title: 'is admitted by IAM, or is the default user and turned off',
    holds: ({ attributes }) =>
      attributes.user_name === 'default'
        ? String(attributes.access_string).startsWith('off')
        : textsAt(attributes, 'authentication_mode.type').includes('iam'),
  }),
  each(group, {
    ids: ['CKV_AWS_191'],
    title: 'is encrypted with a key of ours',
    holds: ({ attributes }) => typeof attributes.kms_key_id === 'string',
  }),
  each(group, {
    ids: ['CKV2_AWS_50', 'FSBP ElastiCache.3'],
    title: 'has a standby in another zone that takes over by itself',
    holds: ({ attributes }) => attributes.automatic_failover_enabled === true && attributes.multi_az_enabled === true,
  }),
  each(group, {
    ids: ['CKV_AWS_134', 'AWS-0050', 'FSBP ElastiCache.1'],
    title: 'is backed up each day',
    holds: ({ attributes }) => (numberAt(attributes, 'snapshot_retention_limit') ?? 0) >= 1,
  }),
  each(group, {
    ids: ['CKV_AWS_322', 'FSBP ElastiCache.2'],
    title: 'takes minor upgrades by itself',
    holds: ({ attributes }) => String(attributes.auto_minor_version_upgrade) === 'true',
  }),
  each(group, {
    ids: ['CKV_AWS_323', 'FSBP ElastiCache.7'],
    title: 'is in subnets of ours, not of the default network',
    holds: ({ attributes }) => attributes.subnet_group_name !== undefined && attributes.subnet_group_name !== 'default',
  }),
  each(group, {
    ids: ['AWS-0049'],
    title: 'says what it is for',
    holds: ({ attributes }) => typeof attributes.description === 'string' && attributes.description !== '',
  }),
  each('aws_elasticache_parameter_group', {
    ids: ['Stowage replaceable-cache-parameters'],
    title: 'can be made anew before the old one goes: its name ends with its family',
    holds: ({ attributes }) =>
      valueAt(attributes, 'lifecycle.create_before_destroy') === true &&
      String(attributes.name).endsWith(`-${String(attributes.family)}`),
  }),
  none('aws_elasticache_security_group', {
    ids: ['Stowage no-classic-cache-group'],
    title: 'is of a network that is gone',
  }),
];
