import { describe, expect, it } from '@jest/globals';
import { synthesized } from '../../test/synthesized.ts';
import { watchedEvents } from '../constructs/aws/account-alarms.ts';
import { attributeAt, blocksAt, textsAt } from '../policy/attributes.ts';
import { asPolicy, type GraphResource } from '../policy/resource-graph.ts';

const [dev, staging, production] = [synthesized('dev'), synthesized('staging'), synthesized('production')];

function statementsOf(resource: GraphResource) {
  return blocksAt(asPolicy(resource.attributes.policy), 'Statement');
}

describe('what an account has once', () => {
  const singletons = [
    ...['aws_accessanalyzer_analyzer', 'aws_ce_anomaly_monitor', 'aws_ce_cost_allocation_tag'],
    ...['aws_config_configuration_recorder', 'aws_ebs_encryption_by_default', 'aws_ec2_instance_metadata_defaults'],
    ...['aws_ecr_registry_scanning_configuration', 'aws_guardduty_detector', 'aws_inspector2_enabler'],
    ...['aws_s3_account_public_access_block', 'aws_xray_encryption_config'],
  ];

  it('is in this stack alone, and once', () => {
    const found = production.resources.filter(({ type }) => singletons.includes(type));
    expect(found.map(({ stack }) => stack)).toEqual(found.map(() => 'account'));
    expect(new Set(found.map(({ type }) => type)).size).toBe(found.length);
  });

  it('closes storage to the public, whoever makes it', () => {
    expect(dev.at('account/Defaults/Buckets').attributes).toMatchObject({
      ...{
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      },
    });
    expect(dev.at('account/Defaults/Disks').attributes.enabled).toBe(true);
    expect(dev.at('account/Defaults/Snapshots').attributes.state).toBe('block-all-sharing');
  });
});

describe('images', () => {
  it.each(['Api', 'Worker'])('of %s never move a tag and are looked at when they arrive', (program) => {
    const repository = production.at(`account/Images/${program}`);
    expect(repository.attributes).toMatchObject({ image_tag_mutability: 'IMMUTABLE' });
    expect(attributeAt(repository, 'image_scanning_configuration.scan_on_push')).toBe(true);
    expect(production.referencesIn('account', repository.attributes.encryption_configuration)[0]?.target.path).toBe(
      'account/Images/ImagesKey/Resource',
    );
  });

  it('are kept: the last 30, and a week those without a tag', () => {
    const policy = asPolicy(production.at('account/Images/Api/Lifecycle').attributes.policy);
    expect(blocksAt(policy, 'rules').map(({ selection }) => selection)).toEqual([
      { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
      { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 30 },
    ]);
  });

  it('are closed to other accounts', () => {
    expect(statementsOf(production.at('account/Images/Api/Policy'))).toMatchObject([
      { Effect: 'Deny', Condition: { StringNotEquals: { 'aws:PrincipalAccount': '333333333333' } } },
    ]);
  });

  it('of others are fetched once, into repositories with the same settings', () => {
    const rules = production.ofType('aws_ecr_pull_through_cache_rule');
    expect(rules.map(({ attributes }) => attributes.upstream_registry_url)).toEqual([
      ...['public.ecr.aws', 'registry.k8s.io', 'quay.io'],
    ]);
    for (const rule of rules) {
      const prefix = String(rule.attributes.ecr_repository_prefix);
      expect(production.at(`account/Images/Cache/Template-${prefix}`).attributes).toMatchObject({
        ...{ prefix, image_tag_mutability: 'IMMUTABLE', applied_for: ['PULL_THROUGH_CACHE'] },
      });
    }
  });

  it('are looked at again in production, where Inspector runs', () => {
    expect(production.at('account/Images/Scanning').attributes.scan_type).toBe('ENHANCED');
    expect(dev.at('account/Images/Scanning').attributes.scan_type).toBe('BASIC');
    expect(dev.ofType('aws_inspector2_enabler')).toEqual([]);
  });

  it('are pushed by a role of the pipeline that can do nothing else', () => {
    const policies = production
      .ofType('aws_iam_role_policy')
      .filter((policy) => production.targetOf(policy, 'role')?.path === 'account/Images/Publisher/Resource');
    const actions = policies.flatMap((policy) => statementsOf(policy).flatMap(({ Action }) => Action));
    expect(actions.filter((action) => !String(action).startsWith('ecr:'))).toEqual([]);
    const wide = policies.filter((policy) => statementsOf(policy).some(({ Resource }) => String(Resource) === '*'));
    expect(wide.flatMap((policy) => statementsOf(policy).flatMap(({ Action }) => Action))).toEqual([
      'ecr:GetAuthorizationToken',
    ]);
  });
});

describe('alerts', () => {
  it('go to everybody the environment names', () => {
    const subscriptions = production.ofType('aws_sns_topic_subscription');
    expect(subscriptions.map(({ attributes }) => [attributes.protocol, attributes.endpoint])).toEqual([
      ['email', 'stowage-on-call@example.com'],
    ]);
  });

  it.each([
    ['Policy', ['events.amazonaws.com']],
    ['Key', []],
  ])('are published by services of AWS for this account alone (%s)', (part, others) => {
    const [publishing] = statementsOf(production.at(`account/Alerts/${part}`)).filter(
      ({ Sid }) => Sid === 'Publishers',
    );
    expect(publishing?.Principal).toEqual({
      Service: [
        ...['budgets.amazonaws.com', 'cloudwatch.amazonaws.com', 'costalerts.amazonaws.com'],
        ...['events.rds.amazonaws.com', ...others],
      ],
    });
    expect(publishing?.Condition).toEqual({ StringEquals: { 'aws:SourceAccount': '333333333333' } });
  });
});

describe('access logs', () => {
  it('are written by S3, load balancers and backup reports, each in a folder of its own', () => {
    const written = statementsOf(production.at('account/AccessLogs/Bucket/Policy')).filter(
      ({ Effect }) => Effect === 'Allow',
    );
    expect(written.map(({ Sid, Resource }) => [Sid, String(Resource).replace(/^.*\}/, '')])).toEqual([
      ['Buckets', '/s3/*'],
      ['LoadBalancers', '/load-balancer/*'],
      ['BackupReports', '/backup/*'],
    ]);
  });

  it('take reports from the role of AWS Backup itself, which has no right of its own', () => {
    const reporter = 'role/aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports';
    expect(statementsOf(production.at('account/AccessLogs/Bucket/Policy'))).toContainEqual(
      expect.objectContaining({
        ...{ Sid: 'BackupReports', Effect: 'Allow', Principal: '*', Action: ['s3:PutObject'] },
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::333333333333:${reporter}` },
          StringEquals: { 'aws:PrincipalAccount': '333333333333' },
        },
      }),
    );
  });
});

describe('the audit trail', () => {
  it('is there where the environment asks for it', () => {
    expect(dev.ofType('aws_cloudtrail')).toEqual([]);
    expect(staging.ofType('aws_cloudtrail')).toHaveLength(1);
  });

  it('records every region, and who read or wrote which object', () => {
    const trail = production.at('account/Trail');
    expect(trail.attributes).toMatchObject({
      ...{ is_multi_region_trail: true, enable_log_file_validation: true, enable_logging: true },
    });
    expect(JSON.stringify(trail.attributes.advanced_event_selector)).toContain('AWS::S3::Object');
  });

  it('is admitted by its bucket and its key before it is made', () => {
    const arn = 'arn:aws:cloudtrail:us-east-1:333333333333:trail/stowage-production-audit';
    for (const place of ['account/Audit/Bucket/Policy', 'account/Audit/AuditKey']) {
      const admitted = statementsOf(production.at(place)).filter(
        ({ Condition }) => JSON.stringify(Condition) === JSON.stringify({ StringEquals: { 'aws:SourceArn': arn } }),
      );
      expect(admitted.length).toBeGreaterThan(0);
    }
    const { logicalName } = production.at('account/Audit/Bucket/Policy');
    expect(textsAt(production.at('account/Trail').attributes, 'depends_on')).toEqual([
      `aws_s3_bucket_policy.${logicalName}`,
    ]);
  });

  it('raises an alarm on each event of the CIS benchmark, and names a page that says what to do', () => {
    expect(watchedEvents).toHaveLength(15);
    for (const { name } of watchedEvents) {
      const { attributes } = production.at(`account/Alarms/Alarm-${name}`);
      const filter = production.at(`account/Alarms/Filter-${name}`);
      expect(attributes.metric_name).toBe(attributeAt(filter, 'metric_transformation.name'));
      expect(attributes.alarm_description).toMatch(/docs\/runbooks\/audit-event\.md$/);
    }
  });
});

describe('GuardDuty', () => {
  it('watches the cluster, its nodes, the database and the bytes in production', () => {
    const features = production.ofType('aws_guardduty_detector_feature').map(({ attributes }) => attributes.name);
    expect(features.toSorted()).toEqual([
      ...['EBS_MALWARE_PROTECTION', 'EKS_AUDIT_LOGS', 'RDS_LOGIN_EVENTS', 'RUNTIME_MONITORING', 'S3_DATA_EVENTS'],
    ]);
  });

  it('tells the alerts', () => {
    const target = production.at('account/Threats/FindingsTarget');
    expect(production.targetOf(target, 'arn')?.path).toBe('account/Alerts/Resource');
  });
});

describe('costs', () => {
  it('that are unusual are told of from a twentieth of the budget on', () => {
    const { attributes } = production.at('account/CostAnomalies/Subscription');
    expect(textsAt(attributes.threshold_expression, 'dimension.values')).toEqual(['48']);
  });
});
