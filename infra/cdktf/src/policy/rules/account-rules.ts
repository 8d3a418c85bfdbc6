import { blocksAt, textsAt, valueAt } from '../attributes.ts';
import type { GraphResource } from '../resource-graph.ts';
import { each, some, type PolicyRule } from '../rule.ts';

const trail = 'aws_cloudtrail';

/** What is set once for an account: who did what, what changed, what looks wrong. */
export const accountRules: readonly PolicyRule[] = [
  some(trail, {
    ids: ['FSBP CloudTrail.1', 'AWS-0014', 'CKV_AWS_67'],
    title: 'records all regions',
    holds: isOn('is_multi_region_trail'),
  }),
  each(trail, {
    ids: ['CKV_AWS_36', 'AWS-0016', 'FSBP CloudTrail.4'],
    title: 'shows whether somebody changed it',
    holds: isOn('enable_log_file_validation'),
  }),
  each(trail, {
    ids: ['CKV_AWS_35', 'AWS-0015', 'FSBP CloudTrail.2'],
    title: 'is encrypted with a key of ours',
    holds: ({ attributes }) => typeof attributes.kms_key_id === 'string',
  }),
  each(trail, {
    ids: ['CKV2_AWS_10', 'AWS-0162', 'FSBP CloudTrail.5'],
    title: 'is searched by CloudWatch',
    holds: ({ attributes }) => attributes.cloud_watch_logs_group_arn !== undefined,
  }),
  each(trail, {
    ids: ['CKV_AWS_251'],
    title: 'is turned on',
    holds: ({ attributes }) => attributes.enable_logging !== false,
  }),
  each(trail, {
    ids: ['CKV_AWS_252'],
    title: 'tells of new files',
    holds: ({ attributes }) => attributes.sns_topic_name !== undefined,
  }),
  each(trail, {
    ids: ['AWS-0161', 'AWS-0163'],
    title: 'is kept in a bucket of ours, which logs and is closed',
    holds: (resource, graph) => {
      const bucket = graph.targetOf(resource, 's3_bucket_name');
      if (bucket?.type !== 'aws_s3_bucket') return false;
      return ['aws_s3_bucket_logging', 'aws_s3_bucket_public_access_block'].every(
        (type) => graph.referrersOf(bucket, type).length > 0,
      );
    },
  }),
  recordsData('AWS-0171', 'writes', ['WriteOnly', 'All']),
  recordsData('AWS-0172', 'reads', ['ReadOnly', 'All']),
  some('aws_config_configuration_recorder', {
    ids: ['CKV_AWS_121', 'CKV2_AWS_48', 'FSBP Config.1'],
    title: 'records every kind of resource, global ones too',
    holds: ({ attributes }) =>
      valueAt(attributes, 'recording_group.all_supported') === true &&
      valueAt(attributes, 'recording_group.include_global_resource_types') === true,
  }),
  some('aws_config_configuration_recorder_status', {
    ids: ['CKV2_AWS_45'],
    title: 'has the recorder turned on',
    holds: isOn('is_enabled'),
  }),
  some('aws_config_configuration_aggregator', {
    ids: ['AWS-0019'],
    title: 'brings the records of all regions together',
    holds: ({ attributes }) => valueAt(attributes, 'account_aggregation_source.all_regions') === true,
  }),
  some('aws_guardduty_detector', {
    ids: ['CKV_AWS_238', 'CKV2_AWS_3', 'FSBP GuardDuty.1'],
    title: 'looks for intruders',
    holds: ({ attributes }) => attributes.enable !== false,
  }),
  watches(['FSBP GuardDuty.5'], 'EKS_AUDIT_LOGS'),
  watches(['FSBP GuardDuty.7', 'FSBP GuardDuty.11'], 'RUNTIME_MONITORING'),
  watches(['FSBP GuardDuty.8'], 'EBS_MALWARE_PROTECTION'),
  watches(['FSBP GuardDuty.9'], 'RDS_LOGIN_EVENTS'),
  watches(['FSBP GuardDuty.10'], 'S3_DATA_EVENTS'),
  watches(['FSBP GuardDuty.13'], 'RUNTIME_MONITORING', 'EC2_AGENT_MANAGEMENT'),
  inspects('FSBP Inspector.1', 'EC2'),
  some('aws_account_alternate_contact', {
    ids: ['FSBP Account.1'],
    title: 'names whom AWS calls about security',
    holds: ({ attributes }) => attributes.alternate_contact_type === 'SECURITY',
  }),
  some('aws_accessanalyzer_analyzer', {
    ids: ['Prowler accessanalyzer_enabled'],
    title: 'looks for what is open to strangers',
  }),
];

function isOn(attribute: string): (resource: GraphResource) => boolean {
  return ({ attributes }) => attributes[attribute] === true;
}

function recordsData(id: string, what: string, modes: readonly string[]): PolicyRule {
  return some(trail, {
    ids: [id],
    title: `records ${what} of objects`,
    holds: ({ attributes }) =>
      blocksAt(attributes, 'event_selector').some(
        (selector) =>
          modes.includes(textsAt(selector, 'read_write_type')[0] ?? 'All') &&
          textsAt(selector, 'data_resource.type').includes('AWS::S3::Object'),
      ) ||
      blocksAt(attributes, 'advanced_event_selector').some((selector) =>
        JSON.stringify(selector).includes('AWS::S3::Object'),
      ),
  });
}

function watches(ids: PolicyRule['ids'], feature: string, part?: string): PolicyRule {
  return some('aws_guardduty_detector_feature', {
    ids,
    title: `looks for intruders in ${part ?? feature}`,
    holds: ({ attributes }) =>
      attributes.name === feature &&
      attributes.status === 'ENABLED' &&
      (part === undefined ||
        blocksAt(attributes, 'additional_configuration').some(
          ({ name, status }) => name === part && status === 'ENABLED',
        )),
  });
}

function inspects(id: string, type: string): PolicyRule {
  return some('aws_inspector2_enabler', {
    ids: [id],
    title: `looks for known faults in ${type}`,
    holds: ({ attributes }) => textsAt(attributes, 'resource_types').includes(type),
  });
}
