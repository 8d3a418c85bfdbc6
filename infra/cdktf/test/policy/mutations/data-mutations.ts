import { add, allow, drop, dropAll, set, type Mutation } from '../mutation.ts';

const database = 'aws_db_instance';
const primary = { at: /^data\/Database\/Primary/ };
const cache = 'aws_elasticache_replication_group';

const withoutParameter = (name: string) =>
  set('aws_db_parameter_group', [
    'parameter',
    [{ name: name === 'log_statement' ? 'rds.force_ssl' : 'log_statement', value: '0' }],
  ]);
const withoutEvents = (source: string) => drop('aws_db_event_subscription', { having: { source_type: source } });

export const databaseMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_16: set(database, ['storage_encrypted', false], primary),
  CKV_AWS_17: set(database, ['publicly_accessible', true]),
  'FSBP RDS.18': set(database, ['db_subnet_group_name', undefined], primary),
  CKV_AWS_118: set(database, ['monitoring_interval', 0]),
  CKV_AWS_129: set(database, ['enabled_cloudwatch_logs_exports', ['postgresql']]),
  CKV_AWS_133: set(database, ['backup_retention_period', 3], primary),
  CKV_AWS_157: set(database, ['multi_az', false], primary),
  CKV_AWS_161: set(database, ['iam_database_authentication_enabled', false]),
  CKV_AWS_211: set(database, ['ca_cert_identifier', 'rds-ca-2019']),
  CKV_AWS_226: set(database, ['auto_minor_version_upgrade', false]),
  CKV_AWS_250: set(database, ['engine_version', '13.2'], primary),
  CKV_AWS_293: set(database, ['deletion_protection', false]),
  CKV_AWS_353: set(database, ['performance_insights_enabled', false]),
  CKV_AWS_354: set(database, ['performance_insights_kms_key_id', undefined]),
  CKV2_AWS_30: withoutParameter('log_statement'),
  'Stowage replaceable-database-parameters': set('aws_db_parameter_group', ['name', 'stowage-production-database-17']),
  CKV2_AWS_60: set(database, ['copy_tags_to_snapshot', false]),
  CKV2_AWS_69: withoutParameter('rds.force_ssl'),
  'FSBP RDS.20': withoutEvents('db-instance'),
  'FSBP RDS.21': withoutEvents('db-parameter-group'),
  'FSBP RDS.22': withoutEvents('db-security-group'),
  'FSBP RDS.23': add(database, { port: 5_432 }, 'data'),
  'FSBP RDS.25': set(database, ['username', 'postgres'], primary),
  CKV_AWS_302: add('aws_db_snapshot', { shared_accounts: ['all'] }, 'data'),
  CKV_AWS_146: add('aws_db_snapshot', { db_instance_identifier: 'old' }, 'data'),
  'FSBP RDS.43': add('aws_db_proxy', { require_tls: false }, 'data'),
  'Prowler rds_instance_extended_support': set(database, ['engine_lifecycle_support', undefined], primary),
  'Prowler rds_instance_protected_by_backup_plan': dropAll('aws_backup_selection'),
  'Stowage no-classic-database-group': add('aws_db_security_group', {}, 'data'),
};

export const cacheMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_29: set(cache, ['at_rest_encryption_enabled', false]),
  CKV_AWS_30: set(cache, ['transit_encryption_enabled', false]),
  CKV_AWS_31: set(cache, ['user_group_ids', undefined]),
  'Stowage cache-users': set('aws_elasticache_user', ['access_string', 'on ~* +@all'], {
    having: { user_name: 'default' },
  }),
  CKV_AWS_191: set(cache, ['kms_key_id', undefined]),
  CKV2_AWS_50: set(cache, ['multi_az_enabled', false]),
  CKV_AWS_134: set(cache, ['snapshot_retention_limit', 0]),
  CKV_AWS_322: set(cache, ['auto_minor_version_upgrade', false]),
  CKV_AWS_323: set(cache, ['subnet_group_name', 'default']),
  'AWS-0049': set(cache, ['description', '']),
  'Stowage replaceable-cache-parameters': set('aws_elasticache_parameter_group', ['family', 'valkey8']),
  'Stowage no-classic-cache-group': add('aws_elasticache_security_group', {}, 'data'),
};

const blobs = { at: /^data\/Blobs/ };
const closure = 'aws_s3_bucket_public_access_block';
const secondBucket = add('aws_s3_bucket', { bucket: 'added' }, 'data');

export const bucketMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_18: drop('aws_s3_bucket_logging'),
  CKV_AWS_19: drop('aws_s3_bucket_server_side_encryption_configuration'),
  CKV_AWS_145: set(
    'aws_s3_bucket_server_side_encryption_configuration',
    ['rule.apply_server_side_encryption_by_default.sse_algorithm', 'AES256'],
    blobs,
  ),
  CKV_AWS_21: set('aws_s3_bucket_versioning', ['versioning_configuration.status', 'Suspended']),
  CKV_AWS_20: add('aws_s3_bucket_acl', { acl: 'public-read' }, 'data'),
  CKV2_AWS_6: drop(closure),
  CKV_AWS_53: set(closure, ['block_public_acls', false]),
  CKV_AWS_54: set(closure, ['block_public_policy', false]),
  CKV_AWS_55: set(closure, ['ignore_public_acls', false]),
  CKV_AWS_56: set(closure, ['restrict_public_buckets', false]),
  CKV_AWS_70: allow('aws_s3_bucket_policy', { Action: 's3:GetObject', Resource: '*', Principal: '*' }),
  'Stowage bucket-grants': allow('aws_s3_bucket_policy', {
    ...{ Action: 's3:PutObject', Resource: '*', Principal: { AWS: 'arn:aws:iam::333333333333:root' } },
  }),
  CKV_AWS_93: allow('aws_s3_bucket_policy', { Effect: 'Deny', Action: 's3:*', Resource: '*', Principal: '*' }),
  'FSBP S3.6': allow('aws_s3_bucket_policy', {
    ...{ Action: 's3:PutBucketPolicy', Resource: '*', Principal: { AWS: 'arn:aws:iam::999999999999:root' } },
  }),
  CKV_AWS_379: drop('aws_s3_bucket_policy', blobs),
  CKV_AWS_143: secondBucket,
  CKV_AWS_144: secondBucket,
  CKV_AWS_300: set('aws_s3_bucket_lifecycle_configuration', ['rule', [{ id: 'x', status: 'Enabled' }]]),
  CKV2_AWS_61: drop('aws_s3_bucket_lifecycle_configuration'),
  CKV2_AWS_62: set('aws_s3_bucket_notification', ['eventbridge', false]),
  CKV2_AWS_65: set('aws_s3_bucket_ownership_controls', ['rule.object_ownership', 'ObjectWriter']),
  'AWS-0170': secondBucket,
  'AWS-0320': set('aws_s3_bucket', ['bucket', 'with.dots']),
  'FSBP S3.19': add('aws_s3_access_point', {}, 'data'),
  'Stowage no-website': add('aws_s3_bucket_website_configuration', {}, 'data'),
};

const repository = 'aws_ecr_repository';

export const registryMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_51: set(repository, ['image_tag_mutability', 'MUTABLE']),
  CKV_AWS_136: set(repository, ['encryption_configuration.encryption_type', 'AES256']),
  CKV_AWS_163: set(repository, ['image_scanning_configuration.scan_on_push', false]),
  CKV_AWS_32: allow('aws_ecr_repository_policy', { Action: 'ecr:BatchGetImage', Principal: '*' }),
  'CIS 5.1.2': drop('aws_ecr_repository_policy'),
  'FSBP ECR.3': drop('aws_ecr_lifecycle_policy'),
  'FSBP Inspector.2': set('aws_ecr_registry_scanning_configuration', ['scan_type', 'BASIC']),
};

export const recoveryMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_166: set('aws_backup_vault', ['kms_key_arn', undefined]),
  'Prowler backup_vaults_exist': dropAll('aws_backup_vault'),
  'Prowler backup_plans_exist': set('aws_backup_plan', ['rule.lifecycle', undefined]),
  'Prowler backup_reportplans_exist': dropAll('aws_backup_report_plan'),
  'Stowage backup-selection': dropAll('aws_backup_selection'),
  'Stowage backup-windows': set('aws_backup_plan', ['rule.schedule', 'cron(0 5 * * ? *)']),
  'Stowage vault-lock': dropAll('aws_backup_vault_lock_configuration'),
  'Stowage restore-testing': dropAll('aws_backup_restore_testing_plan'),
};
