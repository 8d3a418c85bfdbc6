import { asAttributes, type Attributes } from '../policy/resource-graph.ts';

/** What moto 5.2 takes and does not give back, by type. It is sent, but the second plan does not compare it. */
const forgotten: Readonly<Record<string, readonly string[]>> = {
  aws_backup_plan: ['tags', 'tags_all'],
  aws_backup_report_plan: ['tags', 'tags_all'],
  aws_backup_vault: ['tags', 'tags_all'],
  aws_db_instance: [
    ...['database_insights_mode', 'engine_lifecycle_support', 'monitoring_interval', 'monitoring_role_arn'],
    ...['performance_insights_enabled', 'performance_insights_kms_key_id', 'performance_insights_retention_period'],
  ],
  aws_db_parameter_group: ['parameter'],
  aws_eks_cluster: ['access_config', 'kubernetes_network_config', 'upgrade_policy', 'vpc_config', 'zonal_shift_config'],
  aws_eks_node_group: ['launch_template', 'node_repair_config', 'remote_access', 'update_config'],
  aws_launch_template: ['tag_specifications'],
  aws_s3_bucket_notification: ['eventbridge'],
  aws_vpc_security_group_egress_rule: ['description'],
  aws_vpc_security_group_ingress_rule: ['description'],
};

/** Types and attributes that the second plan does not compare, to be told. */
export const forgottenAttributes: readonly string[] = Object.entries(forgotten).map(
  ([type, attributes]) => `${type}: ${attributes.join(', ')}`,
);

/** A resource whose forgotten attributes are not compared after it was made. */
export function ignoringForgotten(type: string, block: Attributes): Attributes {
  const attributes = forgotten[type];
  if (attributes === undefined) return block;
  const lifecycle = asAttributes(block.lifecycle);
  const ignored: readonly unknown[] = Array.isArray(lifecycle.ignore_changes) ? lifecycle.ignore_changes : [];
  return { ...block, lifecycle: { ...lifecycle, ignore_changes: [...ignored, ...attributes] } };
}
