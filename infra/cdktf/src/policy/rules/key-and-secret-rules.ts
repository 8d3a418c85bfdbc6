import { numberAt, textsAt, valueAt } from '../attributes.ts';
import { admitsAnybody, grantsOf } from '../policy-statements.ts';
import { accompanied, each, type PolicyRule } from '../rule.ts';

const key = 'aws_kms_key';
const secret = 'aws_secretsmanager_secret';

/** Keys, secrets, parameters. */
export const keyAndSecretRules: readonly PolicyRule[] = [
  each(key, {
    ids: ['CKV_AWS_7', 'AWS-0065'],
    title: 'is rotated',
    holds: ({ attributes }) => attributes.enable_key_rotation === true,
  }),
  each(key, {
    ids: ['CKV_AWS_33', 'FSBP KMS.5'],
    title: 'is not for anybody',
    holds: (resource) => grantsOf(resource, 'policy').every((statement) => !admitsAnybody(statement)),
  }),
  each(key, {
    ids: ['CKV_AWS_227'],
    title: 'is in use',
    holds: ({ attributes }) => attributes.is_enabled !== false,
  }),
  each(key, {
    ids: ['CKV2_AWS_64'],
    title: 'says who may use it',
    holds: (resource, graph) =>
      resource.attributes.policy !== undefined || graph.referrersOf(resource, 'aws_kms_key_policy').length > 0,
  }),
  each(key, {
    ids: ['Stowage key-deletion-window'],
    title: 'takes 30 days to go, so that a mistake can be undone',
    holds: ({ attributes }) => numberAt(attributes, 'deletion_window_in_days') === 30,
  }),
  each(secret, {
    ids: ['CKV_AWS_149', 'AWS-0098'],
    title: 'is encrypted with a key of ours',
    holds: ({ attributes }) => typeof attributes.kms_key_id === 'string',
  }),
  accompanied(secret, {
    ids: ['CKV2_AWS_57', 'FSBP SecretsManager.1'],
    title: 'is rotated',
    by: 'aws_secretsmanager_secret_rotation',
  }),
  each('aws_secretsmanager_secret_rotation', {
    ids: ['CKV_AWS_304', 'FSBP SecretsManager.4'],
    title: 'comes within 90 days',
    holds: ({ attributes }) => (numberAt(attributes, 'rotation_rules.automatically_after_days') ?? 91) <= 90,
  }),
  each('aws_ssm_parameter', {
    ids: ['CKV_AWS_337'],
    title: 'is encrypted with a key of ours, if it is secret',
    holds: ({ attributes }) => attributes.type !== 'SecureString' || typeof attributes.key_id === 'string',
  }),
  each('aws_ssm_parameter', {
    ids: ['CKV2_AWS_34'],
    title: 'is secret if its name says so',
    holds: ({ attributes }) =>
      attributes.type === 'SecureString' || !/password|secret|token|api-?key/i.test(textsAt(attributes, 'name').join()),
  }),
  each('aws_ssm_document', {
    ids: ['CKV_AWS_112'],
    title: 'encrypts sessions with a key of ours',
    holds: ({ attributes }) => sessionInputs(attributes).kmsKeyId !== undefined,
  }),
  each('aws_ssm_document', {
    ids: ['CKV_AWS_113'],
    title: 'logs what is typed in sessions',
    holds: ({ attributes }) => {
      const { cloudWatchLogGroupName, s3BucketName } = sessionInputs(attributes);
      return cloudWatchLogGroupName !== undefined || s3BucketName !== undefined;
    },
  }),
  each('aws_ssm_document', {
    ids: ['CKV_AWS_303', 'FSBP SSM.4'],
    title: 'is not public',
    holds: ({ attributes }) => !textsAt(attributes, 'permissions.account_ids').some((id) => id.toLowerCase() === 'all'),
  }),
];

/** What a document about sessions says of them; nothing when it is about something else or says nothing. */
function sessionInputs(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(textsAt(attributes, 'content')[0] ?? '{}');
  const inputs = valueAt(parsed, 'inputs');
  return Object.fromEntries(
    Object.entries(typeof inputs === 'object' && inputs !== null ? inputs : {}).filter(([, value]) => value !== ''),
  );
}
