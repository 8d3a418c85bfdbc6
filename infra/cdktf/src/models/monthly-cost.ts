import { noUsage, type ExpectedUsage } from '../environments/expected-usage.ts';
import { blocksAt, numberAt, textsAt } from '../policy/attributes.ts';
import type { GraphResource, ResourceGraph } from '../policy/resource-graph.ts';
import { hoursAMonth, prices } from './price-list.ts';

/** One line of a bill. */
export interface CostLine {
  readonly item: string;
  /** What was counted, such as `3 × t3.medium`. */
  readonly quantity: string;
  readonly monthlyUsd: number;
}

/** What is paid for: an environment, or one of its stacks. */
export type Estate = Pick<ResourceGraph, 'ofType' | 'referencesOf'>;

/** What an environment is estimated to cost in a month: what its stacks hold, and what it is expected to be used for. */
export function estimateMonthlyCost(graph: Estate, usage: ExpectedUsage): readonly CostLine[] {
  return [
    ...clusterLines(graph),
    ...networkLines(graph, usage),
    ...edgeLines(graph, usage),
    ...dataLines(graph, usage),
    ...operationsLines(graph, usage),
    ...securityLines(graph, usage),
  ].filter(({ monthlyUsd }) => monthlyUsd > 0);
}

/** What each stack of an environment costs in a month by being there, used or not. */
export function standingCosts(graph: ResourceGraph): ReadonlyMap<string, number> {
  const ofStack = (name: string): Estate => ({
    ofType: (type) => graph.ofType(type).filter(({ stack }) => stack === name),
    referencesOf: (resource) => graph.referencesOf(resource),
  });
  return new Map(graph.stacks.map(({ name }) => [name, totalUsd(estimateMonthlyCost(ofStack(name), noUsage))]));
}

/** Sum of a bill, in USD. */
export function totalUsd(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
}

function clusterLines(graph: Estate): readonly CostLine[] {
  const groups = graph.ofType('aws_eks_node_group');
  const nodes = groups.map((group) => ({ group, count: numberAt(group.attributes, 'scaling_config.min_size') ?? 0 }));
  const volumeGb = (group: GraphResource) => {
    const template = graph.referencesOf(group).find(({ target }) => target.type === 'aws_launch_template')?.target;
    return numberAt(template?.attributes, 'block_device_mappings.ebs.volume_size') ?? 0;
  };
  return [
    count('EKS control plane', graph.ofType('aws_eks_cluster'), prices.clusterHour * hoursAMonth),
    ...nodes.map(({ group, count: number }) => {
      const type = textsAt(group.attributes, 'instance_types')[0] ?? '';
      const share = group.attributes.capacity_type === 'SPOT' ? prices.spotShare : 1;
      return line('Nodes, at least', `${number} × ${type}`, number * hourly(type) * hoursAMonth * share);
    }),
    ...nodes.map(({ group, count: number }) =>
      line('Volumes of nodes', `${number} × ${volumeGb(group)} GB`, number * volumeGb(group) * prices.volumeGb),
    ),
    ...graph.ofType('aws_instance').map(({ attributes }) => {
      const type = String(attributes.instance_type);
      const gb = numberAt(attributes, 'root_block_device.volume_size') ?? 0;
      return line('Bastion', `1 × ${type}, ${gb} GB`, hourly(type) * hoursAMonth + gb * prices.volumeGb);
    }),
  ];
}

function networkLines(graph: Estate, usage: ExpectedUsage): readonly CostLine[] {
  const interfaces = graph
    .ofType('aws_vpc_endpoint')
    .filter((endpoint) => endpoint.attributes.vpc_endpoint_type === 'Interface');
  const interfaceZones = sum(interfaces, ({ attributes }) => textsAt(attributes, 'subnet_ids').length);
  const addresses =
    graph.ofType('aws_eip').length +
    sum(graph.ofType('aws_lb'), ({ attributes }) => textsAt(attributes, 'subnets').length);
  return [
    count('NAT gateways', graph.ofType('aws_nat_gateway'), prices.natHour * hoursAMonth),
    line('Traffic through NAT', `${usage.natGb} GB`, usage.natGb * prices.natGb),
    line('Public addresses', `${addresses}`, addresses * prices.publicAddressHour * hoursAMonth),
    line(
      'Interface endpoints',
      `${interfaces.length} in all, ${interfaceZones} with zones`,
      interfaceZones * prices.endpointHour * hoursAMonth,
    ),
    line('Traffic to the internet', `${usage.egressGb} GB`, usage.egressGb * prices.egressGb),
    line('Traffic between zones', `${usage.crossZoneGb} GB`, usage.crossZoneGb * prices.crossZoneGb),
  ];
}

function edgeLines(graph: Estate, usage: ExpectedUsage): readonly CostLine[] {
  const rules = sum(graph.ofType('aws_wafv2_web_acl'), ({ attributes }) => blocksAt(attributes, 'rule').length);
  return [
    count('Load balancer', graph.ofType('aws_lb'), prices.loadBalancerHour * hoursAMonth),
    line(
      'Its capacity units',
      `${usage.loadBalancerUnits}`,
      usage.loadBalancerUnits * prices.loadBalancerUnitHour * hoursAMonth,
    ),
    count('Web ACL', graph.ofType('aws_wafv2_web_acl'), prices.webAcl),
    line('Its rules', `${rules}`, rules * prices.webAclRule),
    line(
      'Requests it looks at',
      `${usage.millionRequests} million`,
      usage.millionRequests * prices.webAclMillionRequests,
    ),
    ...healthCheckLines(graph),
  ];
}

function healthCheckLines(graph: Estate): readonly CostLine[] {
  const checks = graph.ofType('aws_route53_health_check');
  const extras = sum(
    checks,
    ({ attributes }) => Number(attributes.type === 'HTTPS') + Number(attributes.measure_latency === true),
  );
  return [
    count('Health checks', checks, prices.healthCheck),
    line('Their extras: HTTPS, latency', `${extras}`, extras * prices.healthCheckExtra),
  ];
}

function dataLines(graph: Estate, usage: ExpectedUsage): readonly CostLine[] {
  const copies = ({ attributes }: GraphResource) => (attributes.multi_az === true ? 2 : 1);
  const primary = graph
    .ofType('aws_db_instance')
    .find(({ attributes }) => attributes.replicate_source_db === undefined);
  const primaryGb = numberAt(primary?.attributes, 'allocated_storage') ?? 0;
  return [
    ...graph.ofType('aws_db_instance').flatMap((instance) => {
      const type = String(instance.attributes.instance_class);
      const gb = numberAt(instance.attributes, 'allocated_storage') ?? primaryGb;
      const name = instance === primary ? 'PostgreSQL' : 'Its replica';
      return [
        line(name, `${copies(instance)} × ${type}`, copies(instance) * hourly(type) * hoursAMonth),
        line(`${name}: storage`, `${copies(instance)} × ${gb} GB`, copies(instance) * gb * prices.databaseGb),
      ];
    }),
    ...graph.ofType('aws_elasticache_replication_group').map(({ attributes }) => {
      const [nodes, type] = [numberAt(attributes, 'num_cache_clusters') ?? 1, String(attributes.node_type)];
      return line('Redis', `${nodes} × ${type}`, nodes * hourly(type) * hoursAMonth);
    }),
    line('Objects', `${usage.objectGb} GB`, usage.objectGb * prices.objectGb),
    line('Images', `${usage.imageGb} GB`, usage.imageGb * prices.imageGb),
    line(
      'Backups',
      `${usage.backupGb} GB`,
      usage.backupGb * prices.backupGb * Math.max(1, graph.ofType('aws_backup_vault').length),
    ),
  ];
}

function operationsLines(graph: Estate, usage: ExpectedUsage): readonly CostLine[] {
  const dashboards = Math.max(0, graph.ofType('aws_cloudwatch_dashboard').length - 3);
  return [
    line('Logs', `${usage.logGb} GB`, usage.logGb * prices.logGb),
    count('Alarms', graph.ofType('aws_cloudwatch_metric_alarm'), prices.alarm),
    count('Composite alarms', graph.ofType('aws_cloudwatch_composite_alarm'), prices.compositeAlarm),
    line('Dashboards beyond three', `${dashboards}`, dashboards * prices.dashboard),
    line('Metrics of our own', `${usage.customMetrics}`, usage.customMetrics * prices.customMetric),
    line('Traces', `${usage.millionTraces} million`, usage.millionTraces * prices.millionTraces),
    ...graph.ofType('aws_synthetics_canary').map(canaryLine),
  ];
}

/** @throws Error for a schedule that is no number of minutes, as its runs cannot be counted. */
function canaryLine({ attributes }: GraphResource): CostLine {
  const schedule = textsAt(attributes, 'schedule.expression')[0] ?? '';
  const minutes = Number(/^rate\((\d+) minutes?\)$/.exec(schedule)?.[1]);
  if (!(minutes > 0)) throw new Error(`The runs of a canary at "${schedule}" cannot be counted.`);
  const runs = Math.round((hoursAMonth * 60) / minutes);
  return line('Canary', `${runs} runs`, runs * prices.canaryRun);
}

function securityLines(graph: Estate, usage: ExpectedUsage): readonly CostLine[] {
  const managed = graph
    .ofType('aws_db_instance')
    .filter(({ attributes }) => attributes.manage_master_user_password === true);
  const secrets = graph.ofType('aws_secretsmanager_secret').length + managed.length;
  return [
    count('Keys', graph.ofType('aws_kms_key'), prices.key),
    line('Secrets', `${secrets}`, secrets * prices.secret),
    line('AWS Config', `${usage.configItems} records`, usage.configItems * prices.configItem),
    line(
      'Events on objects',
      `${usage.thousandDataEvents} thousand`,
      usage.thousandDataEvents * prices.thousandDataEvents,
    ),
    line('Inspected images', `${usage.inspectedImages}`, usage.inspectedImages * prices.inspectedImage),
    line('GuardDuty', 'as guessed', usage.threatDetectionUsd),
  ];
}

function count(item: string, resources: readonly GraphResource[], eachUsd: number): CostLine {
  return line(item, `${resources.length}`, resources.length * eachUsd);
}

function line(item: string, quantity: string, monthlyUsd: number): CostLine {
  return { item, quantity, monthlyUsd };
}

function sum(resources: readonly GraphResource[], value: (resource: GraphResource) => number): number {
  return resources.reduce((total, resource) => total + value(resource), 0);
}

/** @throws Error for a type of machine without a price: an estimate that leaves it out would be too low. */
function hourly(type: string): number {
  const price = prices.hourly[type];
  if (price === undefined) throw new Error(`There is no price for ${type}: add it to the price list.`);
  return price;
}
