import { add, allow, set, type Mutation } from '../mutation.ts';

const granted = (actions: string | readonly string[]) =>
  allow('aws_iam_role_policy', { Action: actions, Resource: '*' });
const trusted = (statement: object) =>
  allow('aws_iam_role', { Action: 'sts:AssumeRole', ...statement }, { in: 'assume_role_policy' });

export const identityMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_62: granted('*'),
  'FSBP IAM.21': granted('ec2:*'),
  'Stowage no-wildcard-action': granted('ec2:Describe*'),
  CKV_AWS_286: granted('iam:CreatePolicyVersion'),
  CKV_AWS_287: granted('sts:GetFederationToken'),
  CKV_AWS_288: granted('s3:GetObject'),
  CKV_AWS_289: granted('iam:PutRolePolicy'),
  CKV_AWS_290: granted('sqs:SendMessage'),
  CKV_AWS_355: granted('dynamodb:GetItem'),
  'FSBP KMS.1': granted('kms:Decrypt'),
  'AWS-0345': granted('s3:*'),
  'AWS-0342': granted('iam:PassRole'),
  CKV_AWS_60: trusted({ Principal: { AWS: '*' } }),
  CKV_AWS_61: trusted({ Principal: { AWS: 'arn:aws:iam::999999999999:root' } }),
  CKV_AWS_274: set('aws_iam_role_policy_attachment', ['policy_arn', 'arn:aws:iam::aws:policy/AdministratorAccess']),
  CKV_AWS_40: add('aws_iam_user_policy', { policy: '{}' }),
  CKV_AWS_273: add('aws_iam_user', { name: 'ada' }),
  'Stowage pod-identity': add('aws_iam_openid_connect_provider', {}),
};

const key = 'aws_kms_key';
const secret = 'aws_secretsmanager_secret';
const sessions = (inputs: object) =>
  set('aws_ssm_document', ['content', JSON.stringify({ sessionType: 'Standard_Stream', inputs })]);

export const keyAndSecretMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_7: set(key, ['enable_key_rotation', false]),
  CKV_AWS_33: allow(key, { Action: 'kms:Decrypt', Resource: '*', Principal: { AWS: '*' } }),
  CKV_AWS_227: set(key, ['is_enabled', false]),
  CKV2_AWS_64: set(key, ['policy', undefined]),
  'Stowage key-deletion-window': set(key, ['deletion_window_in_days', 7]),
  CKV_AWS_149: set(secret, ['kms_key_id', undefined]),
  CKV2_AWS_57: add(secret, { name: 'added', kms_key_id: 'key' }, 'data'),
  CKV_AWS_304: add('aws_secretsmanager_secret_rotation', { rotation_rules: { automatically_after_days: 120 } }, 'data'),
  CKV_AWS_337: add('aws_ssm_parameter', { name: 'added', type: 'SecureString' }),
  CKV2_AWS_34: add('aws_ssm_parameter', { name: 'database-password', type: 'String' }),
  CKV_AWS_112: sessions({ kmsKeyId: '', cloudWatchLogGroupName: 'sessions' }),
  CKV_AWS_113: sessions({ kmsKeyId: 'key', cloudWatchLogGroupName: '' }),
  CKV_AWS_303: set('aws_ssm_document', ['permissions', { type: 'Share', account_ids: 'All' }]),
};

const logs = 'aws_cloudwatch_log_group';
const alarm = 'aws_cloudwatch_metric_alarm';
const topic = 'aws_sns_topic';

const ofOwnAccount = JSON.stringify({
  Statement: {
    ...{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*' },
    Principal: { Service: 'events.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': '333333333333' } },
  },
});

export const messageAndLogMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_66: set(logs, ['retention_in_days', undefined]),
  CKV_AWS_338: set(logs, ['retention_in_days', 30]),
  CKV_AWS_158: set(logs, ['kms_key_id', undefined]),
  CKV_AWS_319: set(alarm, ['alarm_actions', []]),
  'Stowage alarm-ends': set(alarm, ['ok_actions', undefined]),
  'Stowage alarm-missing-data': set(alarm, ['treat_missing_data', undefined]),
  CKV_AWS_26: set(topic, ['kms_master_key_id', 'alias/aws/sns']),
  CKV_AWS_169: allow('aws_sns_topic_policy', { Action: 'sns:Publish', Resource: '*', Principal: '*' }),
  'FSBP SNS.2': add(topic, { name: 'added', kms_master_key_id: 'key' }, 'account'),
  'Stowage events-use-key': set(key, ['policy', ofOwnAccount], { at: /Alerts\/Key/ }),
  CKV_AWS_27: add('aws_sqs_queue', { name: 'added' }, 'data'),
  CKV_AWS_72: add(
    'aws_sqs_queue_policy',
    { policy: '{"Statement":[{"Effect":"Allow","Action":"sqs:*","Principal":"*"}]}' },
    'data',
  ),
};

const lambda = 'aws_lambda_function';
const unfinished = add(lambda, {
  function_name: 'added',
  runtime: 'nodejs12.x',
  environment: { variables: { API_TOKEN: 'abcdefghij' } },
});

export const functionMutations: Readonly<Record<string, Mutation>> = {
  ...Object.fromEntries(
    ['45', '50', '115', '116', '117', '173', '272', '363'].map((number) => [`CKV_AWS_${number}`, unfinished]),
  ),
  'FSBP Lambda.5': unfinished,
  CKV_AWS_301: add('aws_lambda_permission', { principal: '*' }),
  CKV_AWS_364: add('aws_lambda_permission', { principal: 's3.amazonaws.com' }),
  'Stowage no-function-url': add('aws_lambda_function_url', {}),
};
