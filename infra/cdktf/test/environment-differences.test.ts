import { describe, expect, it } from '@jest/globals';
import type { EnvironmentName } from '../src/environments/environment.ts';
import { environmentNamed } from '../src/environments/read-environment.ts';
import { asAttributes, type GraphResource, type ResourceGraph } from '../src/policy/resource-graph.ts';
import { synthesized } from './synthesized.ts';

/** Where an environment may differ from production, as `PATH ATTRIBUTE`. All else is the same, but for names and addresses. */
const allowed: readonly RegExp[] = [
  // What cannot be deleted by a plan.
  / (?:enable_deletion_protection|deletion_protection|force_delete|force_destroy|lifecycle\.prevent_destroy)$/,
  /^data\/Database\/Primary\/Resource (?:delete_automated_backups|final_snapshot_identifier|skip_final_snapshot)$/,
  // How long things are kept, and where else.
  / retention_in_days$/,
  /^(?:account\/(?:AccessLogs|Audit)\/Bucket|data\/Blobs)\/Lifecycle rule$/,
  /^data\/Database\/Primary\/Resource backup_retention_period$/,
  /^data\/Cache\/Resource snapshot_retention_limit$/,
  /^data\/Recovery\/Plan\/Resource rule$/,
  /^data\/Recovery\/(?:Vault\/Lock|CopyVault\/.*|CopyKey\/.*|DatabaseLog) exists$/,
  // How many there are, how large, and in how many zones.
  / (?:subnet_ids|subnets|route_table_ids|depends_on)$/,
  /^network\/Vpc\/.* (?:cidr_block|exists)$/,
  /^network\/Vpc\/AppRoute\d nat_gateway_id$/,
  /^cluster\/(?:Nodes|SpotNodes)\/.* (?:exists|scaling_config\..*)$/,
  /^cluster\/Cluster\/Resource zonal_shift_config\.enabled$/,
  /^data\/Database\/Primary\/Resource (?:allocated_storage|max_allocated_storage|multi_az)$/,
  /^data\/Cache\/Resource (?:automatic_failover_enabled|multi_az_enabled|num_cache_clusters)$/,
  // A replica, and with it the password that RDS does not manage.
  /^data\/Database\/(?:Replica|Password)\/.* exists$/,
  /^data\/Database\/Primary\/Resource (?:password_wo|password_wo_version|manage_master_user_password|master_user_secret_kms_key_id)$/,
  /^cluster\/Identities\/\w+\/ConnectDatabase policy$/,
  // Who may come in, and which services are reached without the internet.
  /^network\/(?:Bastion\/.*|Endpoints\/.*|Traffic\/.*(?:Bastion|Endpoints).*) exists$/,
  /^cluster\/Access\/(?:Team|Viewer)-.* exists$/,
  /^cluster\/Cluster\/Resource vpc_config\..*$/,
  // What the account is watched for.
  /^account\/(?:Trail|Audit|Recorder|Threats|Settings|Images\/Scanning|Alarms)\b.* (?:exists|policy|rule|scan_type)$/,
  // The edge: its name, and how strictly it is protected.
  /^edge\/(?:Certificate|LoadBalancer|Name|Zone)\/.* (?:domain_name|name|fqdn|subnets)$/,
  /^edge\/LoadBalancer\/Resource (?:desync_mitigation_mode|enable_deletion_protection|enable_zonal_shift)$/,
  // What is watched follows what there is: several nodes, gateways and groups are one metric, one is its own.
  /^observability\/Alarm-(?:cache|nat|node|undelivered)-[\w-]+\/Resource (?:dimensions\..*|metric_name|metric_query|namespace|period|statistic)$/,
  /^observability\/Alarm-(?:replica-[a-z]+|cache-replication-lag|canary-failed)\/Resource exists$/,
  /^observability\/(?:Canary|CanaryKey)\/.* exists$/,
  /^observability\/ServiceDown\/Resource alarm_rule$/,
  /^observability\/(?:Cost|Data|Edge)\/Resource dashboard_body$/,
  /^observability\/Query-database-slow-statements\/Resource log_group_names$/,
  // Limits that come from the environment.
  /^observability\/Alarm-database-storage\/Resource threshold$/,
  /^observability\/Budget\/Resource limit_amount$/,
  /^observability\/Traces\/Sampling-default fixed_rate$/,
  // Who is told, and what is measured.
  /^account\/Alerts\/Email\d+ endpoint$/,
  /^account\/CostAnomalies\/Subscription .*$/,
  /^cluster\/Addons\/amazon-cloudwatch-observability\/Resource configuration_values$/,
];

describe.each(['dev', 'staging'] as const)('%s', (name) => {
  it('differs from production only where it may', () => {
    const found = differences(synthesized('production'), synthesized(name), name);
    expect(found.filter((difference) => !allowed.some((pattern) => pattern.test(difference)))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('the list of differences', () => {
  it('holds nothing that is the same everywhere', () => {
    const found = (['dev', 'staging'] as const).flatMap((name) =>
      differences(synthesized('production'), synthesized(name), name),
    );
    expect(allowed.filter((pattern) => !found.some((difference) => pattern.test(difference)))).toEqual([]);
  });
});

function differences(production: ResourceGraph, other: ResourceGraph, name: EnvironmentName): readonly string[] {
  const [ours, theirs] = [placesOf(production, 'production'), placesOf(other, name)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((place) => {
    const [one, another] = [ours.get(place), theirs.get(place)];
    if (one === undefined || another === undefined) return [`${place} exists`];
    return differingKeys(one, another).map((key) => `${place} ${key}`);
  });
}

/** Attributes by the place in the code, without what every environment has its own of: its name, account and addresses. */
function placesOf(graph: ResourceGraph, name: EnvironmentName): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  return new Map(graph.resources.map((resource) => [resource.path, neutral(resource, name)]));
}

function neutral({ attributes }: GraphResource, name: EnvironmentName): Readonly<Record<string, unknown>> {
  const text = JSON.stringify(attributes)
    .replaceAll(environmentNamed(name).edge.zoneName, 'ZONE')
    .replaceAll(new RegExp(String.raw`(?<=stowage[-/_]|")${name}(?![a-z0-9])`, 'g'), 'ENVIRONMENT')
    .replaceAll(/\b(?:111111111111|222222222222|333333333333)\b/g, 'ACCOUNT')
    .replaceAll(/\b10\.[123]0\./g, '10.NETWORK.');
  const parsed: unknown = JSON.parse(text);
  return asAttributes(parsed);
}

function differingKeys(one: unknown, another: unknown, at = ''): readonly string[] {
  if (JSON.stringify(one) === JSON.stringify(another)) return [];
  const [a, b] = [asAttributes(one), asAttributes(another)];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  if (keys.length === 0) return [at];
  return keys.flatMap((key) => differingKeys(a[key], b[key], at === '' ? key : `${at}.${key}`));
}
