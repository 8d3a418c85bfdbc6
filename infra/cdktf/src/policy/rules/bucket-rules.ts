import { blocksAt, textsAt, valueAt } from '../attributes.ts';
import { admitsAnybody, statementsOf, type Statement } from '../policy-statements.ts';
import { accompanied, each, none, type PolicyRule, type RuleName } from '../rule.ts';

const bucket = 'aws_s3_bucket';
const policy = 'aws_s3_bucket_policy';
const encryption = 'aws_s3_bucket_server_side_encryption_configuration';
const lifecycle = 'aws_s3_bucket_lifecycle_configuration';
const block = 'aws_s3_bucket_public_access_block';

/** What the control names: changes of who may do what in the bucket. */
const changesBucket =
  /^(?:\*|s3:\*|s3:(?:DeleteBucketPolicy|Put(?:BucketAcl|BucketPolicy|EncryptionConfiguration|ObjectAcl)))$/;

/** Buckets. */
export const bucketRules: readonly PolicyRule[] = [
  accompanied(bucket, {
    ids: ['CKV_AWS_18', 'AWS-0089', 'FSBP S3.9'],
    title: 'logs who read and wrote',
    by: 'aws_s3_bucket_logging',
  }),
  accompanied(bucket, { ids: ['CKV_AWS_19', 'AWS-0088'], title: 'is encrypted', by: encryption }),
  accompanied(bucket, {
    ids: ['CKV_AWS_145', 'AWS-0132'],
    title: 'is encrypted with a key of ours',
    by: encryption,
    holds: ({ attributes }) =>
      blocksAt(attributes, 'rule').every(
        (rule) =>
          valueAt(rule, 'apply_server_side_encryption_by_default.sse_algorithm') === 'aws:kms' &&
          typeof valueAt(rule, 'apply_server_side_encryption_by_default.kms_master_key_id') === 'string',
      ),
  }),
  accompanied(bucket, {
    ids: ['CKV_AWS_21', 'AWS-0090'],
    title: 'keeps what is overwritten',
    by: 'aws_s3_bucket_versioning',
    holds: ({ attributes }) => valueAt(attributes, 'versioning_configuration.status') === 'Enabled',
  }),
  each('aws_s3_bucket_acl', {
    ids: ['CKV_AWS_20', 'CKV_AWS_57', 'CKV_AWS_375', 'CKV2_AWS_43', 'AWS-0092', 'FSBP S3.2', 'FSBP S3.3'],
    title: 'gives nothing to the public',
    holds: ({ attributes }) => attributes.acl === 'private',
  }),
  accompanied(bucket, {
    ids: ['CKV2_AWS_6', 'AWS-0094', 'FSBP S3.1', 'FSBP S3.8'],
    title: 'has a block against becoming public',
    by: block,
  }),
  blocks({ ids: ['CKV_AWS_53', 'AWS-0086'], title: 'takes no public ACL' }, 'block_public_acls'),
  blocks({ ids: ['CKV_AWS_54', 'AWS-0087'], title: 'takes no public policy' }, 'block_public_policy'),
  blocks({ ids: ['CKV_AWS_55', 'AWS-0091'], title: 'ignores public ACLs' }, 'ignore_public_acls'),
  blocks(
    { ids: ['CKV_AWS_56', 'AWS-0093'], title: 'is closed to strangers whatever its policy says' },
    'restrict_public_buckets',
  ),
  everyPolicy({ ids: ['CKV_AWS_70'], title: 'allows nothing to anybody' }, (statements) =>
    statements.filter(({ effect }) => effect === 'Allow').every((statement) => !admitsAnybody(statement)),
  ),
  everyPolicy(
    {
      ids: ['Stowage bucket-grants'],
      title: 'allows roles and services: to an account it would allow nothing that IAM does not allow as well',
    },
    (statements) =>
      statements
        .filter(({ effect }) => effect === 'Allow')
        .every(({ principals }) =>
          principals.every(({ identifiers }) => !identifiers.some((name) => name.endsWith(':root'))),
        ),
  ),
  everyPolicy({ ids: ['CKV_AWS_93'], title: 'locks nobody out for good' }, (statements) =>
    statements.every(
      ({ effect, actions, conditions }) => effect !== 'Deny' || conditions.length > 0 || !actions.includes('s3:*'),
    ),
  ),
  everyPolicy({ ids: ['FSBP S3.6'], title: 'lets no other account change it' }, (statements) =>
    statements
      .filter(({ effect, actions }) => effect === 'Allow' && actions.some((action) => changesBucket.test(action)))
      .every(
        ({ principals }) => !principals.some(({ type, identifiers }) => type === 'AWS' && identifiers.some(isForeign)),
      ),
  ),
  accompanied(bucket, {
    ids: ['CKV_AWS_379', 'FSBP S3.5'],
    title: 'refuses what comes without TLS',
    by: policy,
    holds: (companion) => statementsOf(companion, 'policy').some(refusesPlain),
  }),
  accompanied(bucket, {
    ids: ['CKV_AWS_143'],
    title: 'can keep objects from being deleted by anybody',
    by: 'aws_s3_bucket_object_lock_configuration',
  }),
  accompanied(bucket, {
    ids: ['CKV_AWS_144'],
    title: 'is copied to another region',
    by: 'aws_s3_bucket_replication_configuration',
  }),
  accompanied(bucket, {
    ids: ['CKV_AWS_300'],
    title: 'clears abandoned uploads away',
    by: lifecycle,
    holds: ({ attributes }) =>
      blocksAt(attributes, 'rule').some(
        (rule) => rule.status === 'Enabled' && blocksAt(rule, 'abort_incomplete_multipart_upload').length > 0,
      ),
  }),
  accompanied(bucket, {
    ids: ['CKV2_AWS_61', 'FSBP S3.10', 'FSBP S3.13'],
    title: 'has rules for what becomes old',
    by: lifecycle,
    holds: ({ attributes }) => blocksAt(attributes, 'rule').some(({ status }) => status === 'Enabled'),
  }),
  accompanied(bucket, {
    ids: ['CKV2_AWS_62', 'FSBP S3.11'],
    title: 'tells of what happens in it',
    by: 'aws_s3_bucket_notification',
    holds: ({ attributes }) => attributes.eventbridge === true,
  }),
  accompanied(bucket, {
    ids: ['CKV2_AWS_65', 'FSBP S3.12'],
    title: 'knows no ACLs',
    by: 'aws_s3_bucket_ownership_controls',
    holds: ({ attributes }) => valueAt(attributes, 'rule.object_ownership') === 'BucketOwnerEnforced',
  }),
  accompanied(bucket, {
    ids: ['AWS-0170'],
    title: 'demands a second factor to delete a version',
    by: 'aws_s3_bucket_versioning',
    holds: ({ attributes }) => valueAt(attributes, 'versioning_configuration.mfa_delete') === 'Enabled',
  }),
  each(bucket, {
    ids: ['AWS-0320'],
    title: 'has a name that a host may have',
    holds: ({ attributes }) => textsAt(attributes, 'bucket').some((name) => /^[a-z0-9-]{3,63}$/.test(name)),
  }),
  each('aws_s3_access_point', {
    ids: ['FSBP S3.19'],
    title: 'is closed to the public',
    holds: ({ attributes }) => valueAt(attributes, 'public_access_block_configuration.block_public_policy') === true,
  }),
  none('aws_s3_bucket_website_configuration', {
    ids: ['Stowage no-website'],
    title: 'would serve a bucket without TLS',
  }),
];

function blocks(name: RuleName, attribute: string): PolicyRule {
  return each(block, { ...name, holds: ({ attributes }) => attributes[attribute] === true });
}

function everyPolicy(name: RuleName, holds: (statements: readonly Statement[]) => boolean): PolicyRule {
  return each(policy, {
    ...name,
    holds: (resource) => holds(statementsOf(resource, 'policy')),
  });
}

/** An account number written out, which is not a reference to anything of ours. */
function isForeign(identifier: string): boolean {
  return /^(?:arn:aws:iam::)?\d{12}\b/.test(identifier);
}

function refusesPlain({ effect, conditions }: Statement): boolean {
  return (
    effect === 'Deny' &&
    conditions.some(({ variable, values }) => variable === 'aws:SecureTransport' && values.includes('false'))
  );
}
