import { isRecord } from '../policy/attributes.ts';
import { asAttributes, type Attributes } from '../policy/resource-graph.ts';
import { changeResources } from './change-resources.ts';

/**
 * What version 6 of the AWS provider knows and version 5 does not, of the resources we use, by the path of the attribute.
 * From a comparison of the schemas of 5.100.0 and 6.25.0.
 */
const newer: Readonly<Record<string, readonly string[]>> = {
  aws_acm_certificate: ['options.export'],
  aws_backup_plan: ['rule.scan_action', 'scan_setting'],
  aws_budgets_budget: ['billing_view_arn'],
  aws_cloudwatch_log_group: ['deletion_protection_enabled'],
  aws_ecr_repository: ['image_tag_mutability_exclusion_filter'],
  aws_eks_cluster: ['deletion_protection', 'control_plane_scaling_config'],
  aws_eks_node_group: [
    'node_repair_config.max_parallel_nodes_repaired_count',
    'node_repair_config.max_parallel_nodes_repaired_percentage',
    'node_repair_config.max_unhealthy_node_threshold_count',
    'node_repair_config.max_unhealthy_node_threshold_percentage',
    'node_repair_config.node_repair_config_overrides',
  ],
  aws_lb: ['health_check_logs'],
  aws_lb_listener: ['default_action.jwt_validation'],
  aws_lb_listener_rule: ['action.jwt_validation', 'transform'],
  aws_lb_target_group: ['target_control_port'],
  aws_nat_gateway: ['availability_mode', 'availability_zone_address'],
  aws_s3_bucket_server_side_encryption_configuration: ['rule.blocked_encryption_types'],
};

/** A stack without what an older provider does not know, and how many attributes were left out. */
export interface OlderStack {
  readonly terraform: Attributes;
  readonly leftOut: number;
}

/** Leaves out of a stack what only version 6 of the AWS provider knows. */
export function withoutNewerAttributes(terraform: Attributes): OlderStack {
  let leftOut = 0;
  const prune = (type: string, block: Attributes): Attributes =>
    [...(newer[type] ?? []), 'region'].reduce((pruned, path) => {
      const next = withoutPath(pruned, path.split('.'));
      if (next !== pruned) leftOut += 1;
      return asAttributes(next);
    }, block);
  const resource = changeResources(terraform.resource, (block, type) => prune(type, block));
  return { terraform: { ...terraform, resource }, leftOut };
}

/** The same value where there is nothing at the path. */
function withoutPath(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    const pruned = items.map((item) => withoutPath(item, [...(key === undefined ? [] : [key]), ...rest]));
    return pruned.every((item, index) => item === items[index]) ? value : pruned;
  }
  if (!isRecord(value) || key === undefined || !(key in value)) return value;
  const { [key]: inner, ...others } = value;
  if (rest.length === 0) return others;
  const pruned = withoutPath(inner, rest);
  return pruned === inner ? value : { ...others, [key]: pruned };
}
