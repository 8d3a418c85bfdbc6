import { blocksAt, numberAt, textsAt, valueAt } from '../attributes.ts';
import type { GraphResource, ResourceGraph } from '../resource-graph.ts';
import { each, none, some, targetsOf, type PolicyRule } from '../rule.ts';

const database = 'aws_db_instance';

/** Databases: the instances, their parameters, events and snapshots. */
export const databaseRules: readonly PolicyRule[] = [
  each(database, {
    ids: ['CKV_AWS_16', 'AWS-0080', 'FSBP RDS.3'],
    title: 'is encrypted',
    holds: (instance) => isReplica(instance) || instance.attributes.storage_encrypted === true,
  }),
  each(database, {
    ids: ['CKV_AWS_17', 'AWS-0180', 'FSBP RDS.2'],
    title: 'is not reached from the internet',
    holds: ({ attributes }) => attributes.publicly_accessible === false,
  }),
  each(database, {
    ids: ['FSBP RDS.18'],
    title: 'is in our network',
    holds: (instance) => isReplica(instance) || instance.attributes.db_subnet_group_name !== undefined,
  }),
  each(database, {
    ids: ['CKV_AWS_118', 'FSBP RDS.6'],
    title: 'reports on its machine each minute',
    holds: ({ attributes }) => [1, 5, 10, 15, 30, 60].includes(numberAt(attributes, 'monitoring_interval') ?? 0),
  }),
  each(database, {
    ids: ['CKV_AWS_129', 'FSBP RDS.9', 'FSBP RDS.36'],
    title: 'sends its logs to CloudWatch',
    holds: ({ attributes }) =>
      ['postgresql', 'upgrade'].every((log) => textsAt(attributes, 'enabled_cloudwatch_logs_exports').includes(log)),
  }),
  each(database, {
    ids: ['CKV_AWS_133', 'AWS-0077', 'FSBP RDS.11'],
    title: 'is backed up for seven days or more',
    holds: (instance) => isReplica(instance) || (numberAt(instance.attributes, 'backup_retention_period') ?? 0) >= 7,
  }),
  each(database, {
    ids: ['CKV_AWS_157', 'FSBP RDS.5'],
    title: 'has a standby in another zone',
    holds: ({ attributes }) => attributes.multi_az === true,
  }),
  each(database, {
    ids: ['CKV_AWS_161', 'AWS-0176', 'FSBP RDS.10'],
    title: 'admits by IAM',
    holds: ({ attributes }) => attributes.iam_database_authentication_enabled === true,
  }),
  each(database, {
    ids: ['CKV_AWS_211'],
    title: 'has a certificate of a modern authority',
    holds: ({ attributes }) => /^rds-ca-(?:rsa2048|rsa4096|ecc384)-g1$/.test(String(attributes.ca_cert_identifier)),
  }),
  each(database, {
    ids: ['CKV_AWS_226', 'FSBP RDS.13'],
    title: 'takes minor upgrades by itself',
    holds: ({ attributes }) => attributes.auto_minor_version_upgrade === true,
  }),
  each(database, {
    ids: ['CKV_AWS_250'],
    title: 'runs no PostgreSQL whose log_fdw can be abused',
    holds: (instance) =>
      isReplica(instance) || Number(/^\d+/.exec(String(instance.attributes.engine_version))?.[0] ?? 0) >= 14,
  }),
  each(database, {
    ids: ['CKV_AWS_293', 'AWS-0177', 'FSBP RDS.8'],
    title: 'is protected from deletion',
    holds: ({ attributes }) => attributes.deletion_protection === true,
  }),
  each(database, {
    ids: ['CKV_AWS_353', 'AWS-0133'],
    title: 'records what its statements wait for',
    holds: ({ attributes }) => attributes.performance_insights_enabled === true,
  }),
  each(database, {
    ids: ['CKV_AWS_354', 'AWS-0078'],
    title: 'encrypts those records with a key of ours',
    holds: ({ attributes }) => typeof attributes.performance_insights_kms_key_id === 'string',
  }),
  each('aws_db_parameter_group', {
    ids: ['CKV2_AWS_30'],
    title: 'logs changes of the schema and slow statements',
    holds: ({ attributes }) =>
      parameter(attributes, 'log_statement') !== undefined &&
      parameter(attributes, 'log_min_duration_statement') !== undefined,
  }),
  each('aws_db_parameter_group', {
    ids: ['Stowage replaceable-database-parameters'],
    title: 'can be made anew before the old one goes: its name is not fixed',
    holds: ({ attributes }) =>
      valueAt(attributes, 'lifecycle.create_before_destroy') === true && attributes.name === undefined,
  }),
  each(database, {
    ids: ['CKV2_AWS_60', 'FSBP RDS.17'],
    title: 'hands its tags to its snapshots',
    holds: ({ attributes }) => attributes.copy_tags_to_snapshot === true,
  }),
  each('aws_db_parameter_group', {
    ids: ['CKV2_AWS_69'],
    title: 'refuses connections without TLS',
    holds: ({ attributes }) => parameter(attributes, 'rds.force_ssl') === '1',
  }),
  subscribed('FSBP RDS.20', 'db-instance'),
  subscribed('FSBP RDS.21', 'db-parameter-group'),
  subscribed('FSBP RDS.22', 'db-security-group'),
  each(database, {
    ids: ['FSBP RDS.23'],
    title: 'listens on a port nobody expects',
    holds: ({ attributes }) => attributes.port !== undefined && attributes.port !== 5432,
  }),
  each(database, {
    ids: ['FSBP RDS.25'],
    title: 'has an administrator whose name nobody guesses',
    holds: (instance) =>
      isReplica(instance) ||
      !['postgres', 'admin', 'user', 'root', 'undefined'].includes(String(instance.attributes.username)),
  }),
  each('aws_db_snapshot', {
    ids: ['CKV_AWS_302', 'FSBP RDS.1'],
    title: 'is shared with nobody',
    holds: ({ attributes }) => textsAt(attributes, 'shared_accounts').length === 0,
  }),
  each('aws_db_snapshot', {
    ids: ['CKV_AWS_146', 'FSBP RDS.4'],
    title: 'is of an encrypted database',
    holds: (snapshot, graph) =>
      targetsOf(snapshot, graph).some(
        ({ type, attributes }) => type === database && attributes.storage_encrypted === true,
      ),
  }),
  each('aws_db_proxy', {
    ids: ['FSBP RDS.43'],
    title: 'demands TLS',
    holds: ({ attributes }) => attributes.require_tls === true,
  }),
  each(database, {
    ids: ['Prowler rds_instance_extended_support'],
    title: 'does not slide into paid extended support',
    holds: (instance) =>
      isReplica(instance) ||
      instance.attributes.engine_lifecycle_support === 'open-source-rds-extended-support-disabled',
  }),
  each(database, {
    ids: ['Prowler rds_instance_protected_by_backup_plan'],
    title: 'is in a backup plan',
    holds: isBackedUp,
  }),
  none('aws_db_security_group', { ids: ['Stowage no-classic-database-group'], title: 'is of a network that is gone' }),
];

function isReplica({ attributes }: GraphResource): boolean {
  return attributes.replicate_source_db !== undefined;
}

function parameter(attributes: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const found = blocksAt(attributes, 'parameter').find((block) => block.name === name);
  return found === undefined ? undefined : String(found.value);
}

function subscribed(id: string, source: string): PolicyRule {
  return some('aws_db_event_subscription', {
    ids: [id],
    title: `tells of events of each ${source}`,
    holds: ({ attributes }) => attributes.source_type === source && attributes.enabled !== false,
  });
}

/** A replica is as its source; what is backed up is the source. */
function isBackedUp(instance: GraphResource, graph: ResourceGraph): boolean {
  if (isReplica(instance)) return true;
  const byAddress = graph.referrersOf(instance, 'aws_backup_selection').length > 0;
  return byAddress || graph.ofType('aws_backup_selection').some((selection) => selectsByTag(selection, instance));
}

function selectsByTag(selection: GraphResource, instance: GraphResource): boolean {
  return blocksAt(selection.attributes, 'selection_tag').some(
    ({ key, value }) => valueAt(instance.attributes.tags, String(key)) === value,
  );
}
