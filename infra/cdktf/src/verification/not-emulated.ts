import type { Attributes } from '../policy/resource-graph.ts';

/** Types of resources that moto 5.2 does not know, each with what it lacks. They are left out of the rehearsal, and counted. */
const notEmulated: Readonly<Record<string, string>> = {
  aws_accessanalyzer_analyzer: 'no Access Analyzer',
  aws_autoscaling_group_tag: 'node groups without their Auto Scaling groups',
  aws_backup_region_settings: 'no settings of AWS Backup',
  aws_backup_restore_testing_plan: 'no restore testing',
  aws_backup_restore_testing_selection: 'no restore testing',
  aws_backup_selection: 'no selections of backup plans',
  aws_backup_vault_notifications: 'no notifications of vaults',
  aws_backup_vault_policy: 'no policies of vaults',
  aws_budgets_budget: 'no subscribers of budgets',
  aws_ce_anomaly_monitor: 'no anomaly detection of costs',
  aws_ce_anomaly_subscription: 'no anomaly detection of costs',
  aws_ce_cost_allocation_tag: 'no cost allocation tags',
  aws_cloudtrail: 'knows a trail by its name alone, the provider by its ARN',
  aws_cloudwatch_composite_alarm: 'no alarms of alarms',
  aws_cloudwatch_log_data_protection_policy: 'no data protection of logs',
  aws_cloudwatch_query_definition: 'no saved queries',
  aws_ebs_snapshot_block_public_access: 'no settings of snapshots',
  aws_ec2_instance_metadata_defaults: 'no defaults of machines',
  aws_ecr_pull_through_cache_rule: 'no pull-through cache',
  aws_ecr_repository_creation_template: 'no templates of repositories',
  aws_db_instance_automated_backups_replication: 'no copies of backups in another region',
  aws_eks_access_entry: 'no access entries',
  aws_eks_access_policy_association: 'no access entries',
  aws_eks_addon: 'no add-ons',
  aws_eks_pod_identity_association: 'no Pod Identity',
  aws_elasticache_parameter_group: 'no parameter groups of ElastiCache',
  aws_elasticache_replication_group: 'makes no nodes, which the provider reads',
  aws_elasticache_subnet_group: 'takes no subnet group of ElastiCache away again',
  aws_elasticache_user_group: 'no user groups of ElastiCache',
  aws_guardduty_detector_feature: 'no features of GuardDuty',
  aws_instance: 'no monitoring of machines each minute',
  aws_s3_account_public_access_block: 'asked under a host name that does not exist here',
  aws_s3_bucket_logging: 'misreads the policy of the bucket that takes the logs',
  aws_s3_object: 'refuses everybody what the policy of the bucket refuses without TLS',
  aws_synthetics_canary: 'tells times of canaries as texts',
  aws_xray_encryption_config: 'no settings of X-Ray',
  aws_xray_group: 'no groups of X-Ray',
  aws_xray_sampling_rule: 'no sampling rules of X-Ray',
};

/** Whether the emulator can make a resource. It gives the replica of a database the name of its primary, and then does not find it. */
export function isEmulated(type: string, attributes: Attributes): boolean {
  return !(type in notEmulated) && !(type === 'aws_db_instance' && 'replicate_source_db' in attributes);
}
