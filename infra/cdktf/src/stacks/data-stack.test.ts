import { describe, expect, it } from '@jest/globals';
import { synthesized } from '../../test/synthesized.ts';
import { attributeAt, blocksAt } from '../policy/attributes.ts';
import { asPolicy } from '../policy/resource-graph.ts';

const [dev, production] = [synthesized('dev'), synthesized('production')];
const [devDatabase, database] = [dev.at('data/Database/Primary'), production.at('data/Database/Primary')];

describe('the stack', () => {
  it('comes after bootstrap, account and network alone', () => {
    expect(production.stack('data').dependencies.toSorted()).toEqual(['account', 'bootstrap', 'network']);
  });

  it('has a key for each kind of data', () => {
    const aliases = production.ofType('aws_kms_alias').filter(({ stack }) => stack === 'data');
    expect(aliases.map(({ attributes }) => attributes.name).toSorted()).toEqual(
      ['backup', 'backup-copy', 'blobs', 'cache', 'database', 'secrets'].map(
        (name) => `alias/stowage-production-${name}`,
      ),
    );
  });

  it('lets no plan of production delete what holds state', () => {
    const holders = ['aws_db_instance', 'aws_s3_bucket', 'aws_backup_vault', 'aws_secretsmanager_secret'];
    const kept = production.resources.filter(({ stack, type }) => stack === 'data' && holders.includes(type));
    expect(kept).toHaveLength(6);
    for (const resource of kept) expect(attributeAt(resource, 'lifecycle.prevent_destroy')).toBe(true);
  });
});

describe('PostgreSQL', () => {
  it('is in the subnets that reach nothing outside, and admits only what the network says', () => {
    const group = production.at('data/Database/Subnets');
    expect(production.referencesOf(group).map(({ target }) => target.path)).toEqual(
      [0, 1, 2]
        .map((zone) => `network/Vpc/Database/Subnet${zone}/Resource`)
        .map((path) => expect.stringContaining(path.replace('/Resource', ''))),
    );
    expect(database.attributes.publicly_accessible).toBe(false);
    expect(production.targetOf(database, 'vpc_security_group_ids')?.path).toBe('network/Traffic/Database/Resource');
  });

  it('is encrypted with a key of its own', () => {
    expect(database.attributes.storage_encrypted).toBe(true);
    for (const attribute of ['kms_key_id', 'performance_insights_kms_key_id'])
      expect(production.targetOf(database, attribute)?.path).toBe('data/DatabaseKey/Resource');
  });

  it('survives a zone and a mistake in production, and costs little in dev', () => {
    expect(database.attributes).toMatchObject({
      ...{ multi_az: true, deletion_protection: true, backup_retention_period: 35, delete_automated_backups: false },
      final_snapshot_identifier: 'stowage-production-database-final',
    });
    expect(devDatabase.attributes).toMatchObject({
      ...{ multi_az: false, deletion_protection: false, backup_retention_period: 7, skip_final_snapshot: true },
    });
  });

  it('grows up to its limit, and takes minor versions alone by itself', () => {
    expect(database.attributes).toMatchObject({
      ...{ allocated_storage: 100, max_allocated_storage: 500, storage_type: 'gp3' },
      ...{ engine_version: '17', auto_minor_version_upgrade: true, allow_major_version_upgrade: false },
      engine_lifecycle_support: 'open-source-rds-extended-support-disabled',
    });
  });

  it('has parameters that can be made anew while it uses the old ones', () => {
    const [group] = production.ofType('aws_db_parameter_group');
    expect(group?.attributes).toMatchObject({
      ...{ name_prefix: 'stowage-production-database-17-', family: 'postgres17' },
      lifecycle: { create_before_destroy: true },
    });
  });

  it('refuses connections without TLS and records what is slow or changes the schema, without bound values', () => {
    const [group] = production.ofType('aws_db_parameter_group');
    const parameters = Object.fromEntries(
      blocksAt(group?.attributes, 'parameter').map(({ name, value }) => [String(name), value]),
    );
    expect(parameters).toMatchObject({
      'rds.force_ssl': '1',
      log_min_duration_statement: '1000',
      log_parameter_max_length: '0',
      log_statement: 'ddl',
      shared_preload_libraries: 'pg_stat_statements,auto_explain',
    });
  });

  it('writes to log groups that exist before it does', () => {
    const waits = attributeAt(database, 'depends_on');
    expect(waits).toEqual(
      ['postgresql', 'upgrade'].map((log): unknown => expect.stringMatching(`^aws_cloudwatch_log_group.*${log}`)),
    );
    expect(production.at('data/Database/Primary/Logs-postgresql').attributes).toMatchObject({
      ...{ name: '/aws/rds/instance/stowage-production-database/postgresql', retention_in_days: 365 },
    });
  });

  it('tells the alerts of failures and changes', () => {
    const subscriptions = production.ofType('aws_db_event_subscription');
    expect(subscriptions.map(({ attributes }) => attributes.source_type)).toEqual([
      ...['db-instance', 'db-parameter-group', 'db-security-group'],
    ]);
    for (const subscription of subscriptions)
      expect(production.targetOf(subscription, 'sns_topic')?.path).toBe('account/Alerts/Resource');
  });
});

describe('the password of the administrator', () => {
  it('is made and rotated by RDS where there is no replica', () => {
    expect(devDatabase.attributes).toMatchObject({ username: 'stowage_admin', manage_master_user_password: true });
    expect(dev.targetOf(devDatabase, 'master_user_secret_kms_key_id')?.path).toBe('data/SecretsKey/Resource');
    expect(dev.ofType('aws_secretsmanager_secret')).toEqual([]);
  });

  it('is drawn in the run and kept in Secrets Manager alone where there is one', () => {
    const stored =
      '${jsondecode(ephemeral.aws_secretsmanager_secret_version.database_password.secret_string).password}';
    expect(database.attributes).toMatchObject({ password_wo: stored, password_wo_version: 1 });
    expect(database.attributes.manage_master_user_password).toBeUndefined();
    const version = production.at('data/Database/Password/Version');
    expect(version.attributes).toMatchObject({
      secret_string_wo:
        '${jsonencode({"username" = "stowage_admin", "password" = ephemeral.aws_secretsmanager_random_password.database_password.random_password})}',
      secret_string_wo_version: 1,
    });
  });

  it.each(['dev', 'staging', 'production'] as const)('is in no argument that %s would keep', (name) => {
    const kept = ['password', 'secret_string', 'secret_binary', 'auth_token', 'passwords'];
    const holders = synthesized(name).resources.filter(({ attributes }) =>
      kept.some((argument) => attributes[argument] !== undefined),
    );
    expect(holders.map(({ path }) => path)).toEqual([]);
  });
});

describe('the replica', () => {
  const replica = production.at('data/Database/Replica');

  it('is there where the environment asks for it', () => {
    expect(dev.ofType('aws_db_instance')).toHaveLength(1);
    expect(production.targetOf(replica, 'replicate_source_db')?.path).toBe(database.path);
  });

  it('is as private and as well watched as the primary', () => {
    const alike = [
      'publicly_accessible',
      'storage_encrypted',
      'iam_database_authentication_enabled',
      'monitoring_interval',
    ];
    for (const attribute of [...alike, 'vpc_security_group_ids', 'deletion_protection', 'ca_cert_identifier'])
      expect(replica.attributes[attribute]).toEqual(database.attributes[attribute]);
  });

  it('leaves to the primary what RDS takes from there', () => {
    for (const attribute of ['username', 'engine', 'engine_version', 'allocated_storage', 'kms_key_id'])
      expect(replica.attributes[attribute]).toBeUndefined();
  });
});

describe('Redis', () => {
  const [devCache, cache] = [dev.at('data/Cache'), production.at('data/Cache')];

  it('is encrypted on disk and on the wire', () => {
    expect(cache.attributes).toMatchObject({
      ...{ at_rest_encryption_enabled: 'true', transit_encryption_enabled: true, transit_encryption_mode: 'required' },
    });
    expect(production.targetOf(cache, 'kms_key_id')?.path).toBe('data/CacheKey/Resource');
  });

  it('has a standby in another zone in production', () => {
    expect(cache.attributes).toMatchObject({
      ...{ num_cache_clusters: 2, automatic_failover_enabled: true, multi_az_enabled: true },
      snapshot_retention_limit: 7,
    });
    expect(devCache.attributes).toMatchObject({ num_cache_clusters: 1, automatic_failover_enabled: false });
  });

  it('admits programs by IAM, and nobody without a name', () => {
    expect(production.at('data/Cache/Users/Default').attributes).toMatchObject({
      ...{ user_name: 'default', access_string: 'off ~* resetchannels -@all' },
    });
    const api = production.at('data/Cache/Users/User-api').attributes;
    expect(api).toMatchObject({ user_id: 'stowage-production-api', user_name: 'stowage-production-api' });
    expect(api.authentication_mode).toEqual({ type: 'iam' });
    expect(api.access_string).toMatch(/-@dangerous$/);
  });

  it('evicts what was used least recently, as the cache expects', () => {
    const [group] = production.ofType('aws_elasticache_parameter_group');
    expect(group?.attributes.parameter).toEqual([{ name: 'maxmemory-policy', value: 'allkeys-lru' }]);
  });

  it('has parameters that can be made anew for another family while it uses the old ones', () => {
    const [group] = production.ofType('aws_elasticache_parameter_group');
    expect(group?.attributes).toMatchObject({
      ...{ name: 'stowage-production-cache-redis7', family: 'redis7' },
      lifecycle: { create_before_destroy: true, ignore_changes: ['description'] },
    });
  });

  it('logs what is slow, to a group of ours', () => {
    expect(attributeAt(cache, 'log_delivery_configuration')).toMatchObject([
      { log_type: 'slow-log', log_format: 'json', destination_type: 'cloudwatch-logs' },
      { log_type: 'engine-log', log_format: 'json', destination_type: 'cloudwatch-logs' },
    ]);
  });
});

describe('the bytes', () => {
  it('are kept under their own key, and recorded in the log bucket', () => {
    const blobs = production.at('data/Blobs');
    expect(blobs.attributes.bucket).toBe('stowage-production-blobs-333333333333');
    expect(production.targetOf(production.at('data/Blobs/AccessLogs'), 'target_bucket')?.path).toBe(
      'account/AccessLogs/Bucket/Resource',
    );
  });

  it('can be restored for as long as the environment says, and are tiered by use', () => {
    const rules = blocksAt(production.at('data/Blobs/Lifecycle').attributes, 'rule');
    expect(rules.map((rule) => attributeRule(rule))).toEqual([
      { abort: 7, noncurrent: 365, transition: undefined },
      { abort: undefined, noncurrent: undefined, transition: 'INTELLIGENT_TIERING' },
    ]);
    // S3 moves nothing from there to STANDARD_IA.
    expect(rules.flatMap((rule) => blocksAt(rule, 'noncurrent_version_transition'))).toEqual([]);
  });

  it('are refused under another key', () => {
    const policy = asPolicy(production.at('data/Blobs/Policy').attributes.policy);
    const denied = blocksAt(policy, 'Statement').filter(({ Effect }) => Effect === 'Deny');
    expect(denied.map(({ Sid }) => Sid)).toEqual([
      'DenyWithoutTls',
      'DenyOldTls',
      'DenyOtherEncryption',
      'DenyOtherKeys',
    ]);
  });

  function attributeRule(rule: Readonly<Record<string, unknown>>) {
    const [abort] = blocksAt(rule, 'abort_incomplete_multipart_upload');
    const [noncurrent] = blocksAt(rule, 'noncurrent_version_expiration');
    const [transition] = blocksAt(rule, 'transition');
    return {
      abort: abort?.days_after_initiation,
      noncurrent: noncurrent?.noncurrent_days,
      transition: transition?.storage_class,
    };
  }
});

describe('recovery', () => {
  const plan = production.at('data/Recovery/Plan');

  it('backs up the database and the bytes', () => {
    const selection = production.at('data/Recovery/Plan/Selection');
    expect(production.referencesIn('data', selection.attributes.resources).map(({ target }) => target.path)).toEqual([
      ...['data/Database/Primary/Resource', 'data/Blobs/Resource'],
    ]);
  });

  it('keeps days and months in production, days in dev', () => {
    const kept = (graph: typeof dev) =>
      blocksAt(graph.at('data/Recovery/Plan').attributes, 'rule').map(({ rule_name, lifecycle }) => [
        rule_name,
        (lifecycle as Readonly<Record<string, unknown>>).delete_after,
      ]);
    expect(kept(production)).toEqual([
      ['daily', 35],
      ['monthly', 372],
    ]);
    expect(kept(dev)).toEqual([['daily', 7]]);
  });

  it('copies each backup of production to another region, and the log of the database', () => {
    for (const rule of blocksAt(plan.attributes, 'rule'))
      expect(production.referencesIn('data', rule.copy_action).map(({ target }) => target.path)).toEqual([
        'data/Recovery/CopyVault/Resource',
      ]);
    const elsewhere = ['CopyKey/Resource', 'CopyKey/Alias', 'CopyVault/Resource', 'CopyVault/Lock', 'DatabaseLog'];
    for (const path of elsewhere) expect(production.at(`data/Recovery/${path}`).attributes.region).toBe('us-west-2');
  });

  it('locks the vaults of production to what its plan asks for', () => {
    for (const path of ['data/Recovery/Vault/Lock', 'data/Recovery/CopyVault/Lock'])
      expect(production.at(path).attributes).toMatchObject({
        ...{ min_retention_days: 35, max_retention_days: 372, changeable_for_days: 3 },
      });
    expect(dev.ofType('aws_backup_vault_lock_configuration')).toEqual([]);
  });

  it('tries out each month whether the database can be restored', () => {
    const selection = production.at('data/Recovery/RestoreTest/Database');
    expect(selection.attributes).toMatchObject({ protected_resource_type: 'RDS', validation_window_hours: 4 });
    expect(production.targetOf(selection, 'protected_resource_arns')?.path).toBe(database.path);
  });

  it.each(['backup', 'copy', 'restore'])('tells the alerts of a failed %s', (job) => {
    const target = production.at(`data/Recovery/Plan/Failed-${job}Target`);
    expect(production.targetOf(target, 'arn')?.path).toBe('account/Alerts/Resource');
  });
});
