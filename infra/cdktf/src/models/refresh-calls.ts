/**
 * What the AWS provider calls to compare a resource of ours with its state, by type. From the provider's sources, version
 * 6.25; of a bucket it reads all settings, whoever manages them. What is read by name is with the test.
 */
export const refreshCalls: Readonly<Record<string, readonly string[]>> = {
  aws_accessanalyzer_analyzer: of('access-analyzer', 'GetAnalyzer'),
  aws_account_alternate_contact: of('account', 'GetAlternateContact'),
  aws_acm_certificate: of('acm', 'DescribeCertificate', 'ListTagsForCertificate'),
  aws_acm_certificate_validation: of('acm', 'DescribeCertificate'),
  aws_autoscaling_group_tag: of('autoscaling', 'DescribeTags'),
  ...backup(),
  aws_budgets_budget: of('budgets', 'ViewBudget', 'ListTagsForResource'),
  aws_ce_anomaly_monitor: of('ce', 'GetAnomalyMonitors', 'ListTagsForResource'),
  aws_ce_anomaly_subscription: of('ce', 'GetAnomalySubscriptions', 'ListTagsForResource'),
  aws_cloudtrail: of('cloudtrail', 'DescribeTrails', 'GetEventSelectors', 'GetTrailStatus', 'ListTags'),
  ...watching(),
  aws_config_configuration_aggregator: of('config', 'DescribeConfigurationAggregators', 'ListTagsForResource'),
  aws_config_configuration_recorder: of('config', 'DescribeConfigurationRecorders'),
  aws_config_configuration_recorder_status: of('config', 'DescribeConfigurationRecorderStatus'),
  aws_config_delivery_channel: of('config', 'DescribeDeliveryChannels'),
  ...databases(),
  ...network(),
  ...machines(),
  ...registry(),
  ...cluster(),
  aws_guardduty_detector: of('guardduty', 'GetDetector', 'ListTagsForResource'),
  aws_guardduty_detector_feature: of('guardduty', 'GetDetector'),
  ...identities(),
  aws_inspector2_enabler: of('inspector2', 'BatchGetAccountStatus'),
  aws_kms_alias: of('kms', 'ListAliases'),
  aws_kms_key: of('kms', 'DescribeKey', 'GetKeyPolicy', 'GetKeyRotationStatus', 'ListResourceTags'),
  ...edge(),
  ...buckets(),
  aws_secretsmanager_secret: of('secretsmanager', 'DescribeSecret', 'GetResourcePolicy'),
  aws_secretsmanager_secret_policy: of('secretsmanager', 'GetResourcePolicy'),
  aws_secretsmanager_secret_version: [],
  aws_sns_topic: of('sns', 'GetTopicAttributes', 'ListTagsForResource'),
  aws_sns_topic_policy: of('sns', 'GetTopicAttributes'),
  aws_sns_topic_subscription: of('sns', 'GetSubscriptionAttributes'),
  aws_ssm_document: of('ssm', 'DescribeDocument', 'DescribeDocumentPermission', 'GetDocument', 'ListTagsForResource'),
  aws_ssm_parameter: of('ssm', 'GetParameter'),
  aws_synthetics_canary: of('synthetics', 'GetCanary', 'ListTagsForResource'),
  aws_xray_encryption_config: of('xray', 'GetEncryptionConfig'),
  aws_xray_group: of('xray', 'GetGroup', 'ListTagsForResource'),
  aws_xray_sampling_rule: of('xray', 'GetSamplingRules', 'ListTagsForResource'),
};

/** What it calls whatever there is in a stack: to draw an ephemeral value, and to list the bucket of states. */
export const callsOfEveryPlan: readonly string[] = ['s3:ListBucket', 'secretsmanager:GetRandomPassword'];

function backup() {
  return {
    aws_backup_plan: of('backup', 'GetBackupPlan', 'ListTags'),
    aws_backup_report_plan: of('backup', 'DescribeReportPlan', 'ListTags'),
    aws_backup_restore_testing_plan: of('backup', 'GetRestoreTestingPlan', 'ListTags'),
    aws_backup_restore_testing_selection: of('backup', 'GetRestoreTestingSelection'),
    aws_backup_selection: of('backup', 'GetBackupSelection'),
    aws_backup_vault: of('backup', 'DescribeBackupVault', 'ListTags'),
    aws_backup_vault_lock_configuration: of('backup', 'DescribeBackupVault'),
  };
}

function watching() {
  return {
    aws_cloudwatch_composite_alarm: of('cloudwatch', 'DescribeAlarms', 'ListTagsForResource'),
    aws_cloudwatch_dashboard: of('cloudwatch', 'GetDashboard'),
    aws_cloudwatch_event_rule: of('events', 'DescribeRule', 'ListTagsForResource'),
    aws_cloudwatch_event_target: of('events', 'ListTargetsByRule'),
    aws_cloudwatch_log_data_protection_policy: of('logs', 'GetDataProtectionPolicy'),
    aws_cloudwatch_log_group: of('logs', 'DescribeLogGroups', 'ListTagsForResource'),
    aws_cloudwatch_log_metric_filter: of('logs', 'DescribeMetricFilters'),
    aws_cloudwatch_metric_alarm: of('cloudwatch', 'DescribeAlarms', 'ListTagsForResource'),
    aws_cloudwatch_query_definition: of('logs', 'DescribeQueryDefinitions'),
  };
}

function databases() {
  return {
    aws_db_event_subscription: of('rds', 'DescribeEventSubscriptions', 'ListTagsForResource'),
    aws_db_instance: of('rds', 'DescribeDBInstances', 'ListTagsForResource'),
    aws_db_instance_automated_backups_replication: of('rds', 'DescribeDBInstanceAutomatedBackups'),
    aws_db_parameter_group: of('rds', 'DescribeDBParameterGroups', 'DescribeDBParameters', 'ListTagsForResource'),
    aws_db_subnet_group: of('rds', 'DescribeDBSubnetGroups', 'ListTagsForResource'),
    aws_elasticache_parameter_group: of('elasticache', 'DescribeCacheParameterGroups', 'DescribeCacheParameters'),
    aws_elasticache_replication_group: of(
      'elasticache',
      'DescribeCacheClusters',
      'DescribeReplicationGroups',
      'ListTagsForResource',
    ),
    aws_elasticache_subnet_group: of('elasticache', 'DescribeCacheSubnetGroups', 'ListTagsForResource'),
    aws_elasticache_user: of('elasticache', 'DescribeUsers', 'ListTagsForResource'),
    aws_elasticache_user_group: of('elasticache', 'DescribeUserGroups', 'ListTagsForResource'),
  };
}

function network() {
  return {
    aws_default_network_acl: of('ec2', 'DescribeNetworkAcls'),
    aws_default_route_table: of('ec2', 'DescribeRouteTables'),
    aws_default_security_group: of('ec2', 'DescribeSecurityGroups'),
    aws_eip: of('ec2', 'DescribeAddresses', 'DescribeAddressesAttribute'),
    aws_flow_log: of('ec2', 'DescribeFlowLogs'),
    aws_internet_gateway: of('ec2', 'DescribeInternetGateways'),
    aws_nat_gateway: of('ec2', 'DescribeNatGateways'),
    aws_network_acl: of('ec2', 'DescribeNetworkAcls'),
    aws_network_acl_rule: of('ec2', 'DescribeNetworkAcls'),
    aws_route: of('ec2', 'DescribeRouteTables'),
    aws_route_table: of('ec2', 'DescribeRouteTables'),
    aws_route_table_association: of('ec2', 'DescribeRouteTables'),
    aws_security_group: of('ec2', 'DescribeSecurityGroups'),
    aws_subnet: of('ec2', 'DescribeSubnets'),
    aws_vpc: of('ec2', 'DescribeVpcs', 'DescribeVpcAttribute', 'DescribeRouteTables', 'DescribeNetworkAcls'),
    aws_vpc_endpoint: of('ec2', 'DescribeVpcEndpoints', 'DescribePrefixLists'),
    aws_vpc_security_group_egress_rule: of('ec2', 'DescribeSecurityGroupRules'),
    aws_vpc_security_group_ingress_rule: of('ec2', 'DescribeSecurityGroupRules'),
  };
}

function machines() {
  return {
    aws_ebs_encryption_by_default: of('ec2', 'GetEbsEncryptionByDefault'),
    aws_ebs_snapshot_block_public_access: of('ec2', 'GetSnapshotBlockPublicAccessState'),
    aws_ec2_instance_metadata_defaults: of('ec2', 'GetInstanceMetadataDefaults'),
    aws_instance: [
      ...of('ec2', 'DescribeInstances', 'DescribeInstanceAttribute', 'DescribeInstanceTypes', 'DescribeVolumes'),
      ...of('ec2', 'DescribeInstanceCreditSpecifications', 'DescribeTags'),
    ],
    aws_launch_template: of('ec2', 'DescribeLaunchTemplates', 'DescribeLaunchTemplateVersions'),
  };
}

function registry() {
  return {
    aws_ecr_lifecycle_policy: of('ecr', 'GetLifecyclePolicy'),
    aws_ecr_pull_through_cache_rule: of('ecr', 'DescribePullThroughCacheRules'),
    aws_ecr_registry_scanning_configuration: of('ecr', 'GetRegistryScanningConfiguration'),
    aws_ecr_repository: of('ecr', 'DescribeRepositories', 'ListTagsForResource'),
    aws_ecr_repository_creation_template: of('ecr', 'DescribeRepositoryCreationTemplates'),
    aws_ecr_repository_policy: of('ecr', 'GetRepositoryPolicy'),
  };
}

function cluster() {
  return {
    aws_eks_access_entry: of('eks', 'DescribeAccessEntry'),
    aws_eks_access_policy_association: of('eks', 'ListAssociatedAccessPolicies'),
    aws_eks_addon: of('eks', 'DescribeAddon'),
    aws_eks_cluster: of('eks', 'DescribeCluster'),
    aws_eks_node_group: of('eks', 'DescribeNodegroup'),
    aws_eks_pod_identity_association: of('eks', 'DescribePodIdentityAssociation'),
  };
}

function identities() {
  return {
    aws_iam_account_password_policy: of('iam', 'GetAccountPasswordPolicy'),
    aws_iam_instance_profile: of('iam', 'GetInstanceProfile'),
    aws_iam_policy: of('iam', 'GetPolicy', 'GetPolicyVersion', 'ListPolicyVersions'),
    aws_iam_role: of('iam', 'GetRole', 'ListAttachedRolePolicies', 'ListRolePolicies'),
    aws_iam_role_policy: of('iam', 'GetRolePolicy'),
    aws_iam_role_policy_attachment: of('iam', 'ListAttachedRolePolicies'),
    aws_iam_service_linked_role: of('iam', 'GetRole'),
  };
}

function edge() {
  return {
    aws_lb: of('elasticloadbalancing', 'DescribeLoadBalancers', 'DescribeLoadBalancerAttributes', 'DescribeTags'),
    aws_lb_listener: of('elasticloadbalancing', 'DescribeListeners', 'DescribeListenerAttributes', 'DescribeTags'),
    aws_lb_target_group: of('elasticloadbalancing', 'DescribeTargetGroups', 'DescribeTargetGroupAttributes'),
    aws_route53_health_check: of('route53', 'GetHealthCheck', 'ListTagsForResource'),
    aws_route53_record: of('route53', 'GetHostedZone', 'ListResourceRecordSets'),
    aws_route53_zone: of('route53', 'GetHostedZone', 'ListHostedZones', 'ListTagsForResource'),
    aws_wafv2_web_acl: of('wafv2', 'GetWebACL', 'ListTagsForResource'),
    aws_wafv2_web_acl_association: of('wafv2', 'GetWebACLForResource'),
    aws_wafv2_web_acl_logging_configuration: of('wafv2', 'GetLoggingConfiguration'),
  };
}

function buckets() {
  return {
    aws_s3_account_public_access_block: of('s3', 'GetAccountPublicAccessBlock'),
    aws_s3_bucket: [
      ...of('s3', 'GetAccelerateConfiguration', 'GetBucketAcl', 'GetBucketCORS', 'GetBucketLocation'),
      ...of('s3', 'GetBucketLogging', 'GetBucketObjectLockConfiguration', 'GetBucketPolicy', 'GetBucketRequestPayment'),
      ...of('s3', 'GetBucketTagging', 'GetBucketVersioning', 'GetBucketWebsite', 'GetEncryptionConfiguration'),
      ...of('s3', 'GetLifecycleConfiguration', 'GetReplicationConfiguration', 'ListBucket', 'ListTagsForResource'),
    ],
    aws_s3_bucket_lifecycle_configuration: of('s3', 'GetLifecycleConfiguration'),
    aws_s3_bucket_logging: of('s3', 'GetBucketLogging'),
    aws_s3_bucket_notification: of('s3', 'GetBucketNotification'),
    aws_s3_bucket_ownership_controls: of('s3', 'GetBucketOwnershipControls'),
    aws_s3_bucket_policy: of('s3', 'GetBucketPolicy'),
    aws_s3_bucket_public_access_block: of('s3', 'GetBucketPublicAccessBlock'),
    aws_s3_bucket_server_side_encryption_configuration: of('s3', 'GetEncryptionConfiguration'),
    aws_s3_bucket_versioning: of('s3', 'GetBucketVersioning'),
    aws_s3_object: [],
  };
}

function of(service: string, ...actions: readonly string[]): readonly string[] {
  return actions.map((action) => `${service}:${action}`);
}
