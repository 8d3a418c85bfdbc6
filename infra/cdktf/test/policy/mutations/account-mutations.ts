import { add, drop, dropAll, set, type Mutation } from '../mutation.ts';
import { accountAlarmRules } from '../../../src/policy/rules/account-alarm-rules.ts';

const trail = 'aws_cloudtrail';
const feature = 'aws_guardduty_detector_feature';
const recorder = 'aws_config_configuration_recorder';
const without = (name: string) => set(feature, ['status', 'DISABLED'], { having: { name } });

export const accountMutations: Readonly<Record<string, Mutation>> = {
  'FSBP CloudTrail.1': set(trail, ['is_multi_region_trail', false]),
  CKV_AWS_36: set(trail, ['enable_log_file_validation', false]),
  CKV_AWS_35: set(trail, ['kms_key_id', undefined]),
  CKV2_AWS_10: set(trail, ['cloud_watch_logs_group_arn', undefined]),
  CKV_AWS_251: set(trail, ['enable_logging', false]),
  // Ours is exempt.
  CKV_AWS_252: add(trail, { name: 'added' }, 'account'),
  'AWS-0161': set(trail, ['s3_bucket_name', 'elsewhere']),
  'AWS-0171': set(trail, ['advanced_event_selector', undefined]),
  'AWS-0172': set(trail, ['advanced_event_selector', undefined]),
  CKV_AWS_121: set(recorder, ['recording_group.all_supported', false]),
  CKV2_AWS_45: set('aws_config_configuration_recorder_status', ['is_enabled', false]),
  'AWS-0019': dropAll('aws_config_configuration_aggregator'),
  CKV_AWS_238: drop('aws_guardduty_detector'),
  'FSBP GuardDuty.5': without('EKS_AUDIT_LOGS'),
  'FSBP GuardDuty.7': without('RUNTIME_MONITORING'),
  'FSBP GuardDuty.8': without('EBS_MALWARE_PROTECTION'),
  'FSBP GuardDuty.9': without('RDS_LOGIN_EVENTS'),
  'FSBP GuardDuty.10': without('S3_DATA_EVENTS'),
  'FSBP GuardDuty.13': set(feature, ['additional_configuration', undefined], {
    having: { name: 'RUNTIME_MONITORING' },
  }),
  'FSBP Inspector.1': dropAll('aws_inspector2_enabler'),
  'FSBP Account.1': dropAll('aws_account_alternate_contact'),
  'Prowler accessanalyzer_enabled': dropAll('aws_accessanalyzer_analyzer'),
};

/** Alarms of the account all go with their filters. */
export const accountAlarmMutations: Readonly<Record<string, Mutation>> = Object.fromEntries(
  accountAlarmRules.map(({ ids: [id] }) => [id, dropAll('aws_cloudwatch_log_metric_filter', { at: /^account\// })]),
);
