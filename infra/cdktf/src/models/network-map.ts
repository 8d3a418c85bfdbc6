import { numberAt, textsAt } from '../policy/attributes.ts';
import type { GraphResource, ResourceGraph } from '../policy/resource-graph.ts';

/** Ports a rule is about, both ends included. */
export interface Ports {
  readonly from: number;
  readonly to: number;
}

/** A rule of a security group: who may come or go, on which TCP ports. */
export interface GroupRule {
  readonly direction: 'ingress' | 'egress';
  readonly group: GraphResource;
  readonly ports: Ports;
  /** The other side: a group, or a range of addresses. */
  readonly peer: GraphResource | string;
}

/** A rule of a network ACL, in the order they are asked. */
export interface AclRule {
  readonly direction: 'ingress' | 'egress';
  readonly allows: boolean;
  readonly ports: Ports;
  readonly cidr: string;
}

/** A subnet with what stands around it. */
export interface MappedSubnet {
  readonly subnet: GraphResource;
  readonly cidr: string;
  readonly aclRules: readonly AclRule[];
  /** Where traffic to the internet goes from here. */
  readonly exit: 'gateway' | 'nat' | 'none';
}

const anyPort: Ports = { from: 0, to: 65_535 };

/** Subnets by resource. */
export function mapSubnets(graph: ResourceGraph): readonly MappedSubnet[] {
  return graph.ofType('aws_subnet').map((subnet) => ({
    subnet,
    cidr: String(subnet.attributes.cidr_block),
    aclRules: aclRulesOf(graph, subnet),
    exit: exitOf(graph, subnet),
  }));
}

/** The TCP rules of all security groups. */
export function mapGroupRules(graph: ResourceGraph): readonly GroupRule[] {
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    graph
      .ofType(`aws_vpc_security_group_${direction}_rule`)
      .filter(({ attributes }) => ['tcp', '6', '-1'].includes(String(attributes.ip_protocol)))
      .map((rule) => ({
        direction,
        group: targetOf(graph, rule, 'security_group_id'),
        ports: portsOf(rule),
        peer: graph.targetOf(rule, 'referenced_security_group_id') ?? String(rule.attributes.cidr_ipv4),
      })),
  );
}

/** Subnets that members of a security group are in: by themselves, by a group of subnets, or by what launches them. */
export function subnetsOfGroup(graph: ResourceGraph, group: GraphResource): readonly GraphResource[] {
  const rules = ['aws_vpc_security_group_ingress_rule', 'aws_vpc_security_group_egress_rule'];
  const members = graph.resources.filter(
    (resource) => !rules.includes(resource.type) && pointsAt(graph, resource, group),
  );
  const launched = members
    .filter(({ type }) => type === 'aws_launch_template')
    .flatMap((template) => graph.referrersOf(template, 'aws_eks_node_group'));
  return [...new Set([...members, ...launched].flatMap((member) => subnetsOf(graph, member)))];
}

function subnetsOf(graph: ResourceGraph, resource: GraphResource): readonly GraphResource[] {
  const targets = graph.referencesOf(resource).map(({ target }) => target);
  const groups = targets.filter(({ type }) => type.endsWith('_subnet_group'));
  return [
    ...targets.filter(({ type }) => type === 'aws_subnet'),
    ...groups.flatMap((group) => subnetsOf(graph, group)),
  ];
}

function aclRulesOf(graph: ResourceGraph, subnet: GraphResource): readonly AclRule[] {
  const [acl] = graph.referrersOf(subnet, 'aws_network_acl');
  if (acl === undefined) return [];
  return graph
    .referrersOf(acl, 'aws_network_acl_rule')
    .filter(({ attributes }) => ['tcp', '6', '-1'].includes(String(attributes.protocol)))
    .toSorted((one, other) => order(one) - order(other))
    .map((rule) => ({
      direction: rule.attributes.egress === true ? 'egress' : 'ingress',
      allows: rule.attributes.rule_action === 'allow',
      ports: portsOf(rule),
      cidr: String(rule.attributes.cidr_block),
    }));
}

function exitOf(graph: ResourceGraph, subnet: GraphResource): MappedSubnet['exit'] {
  const tables = graph
    .referrersOf(subnet, 'aws_route_table_association')
    .map((association) => targetOf(graph, association, 'route_table_id'));
  const routes = tables
    .flatMap((table) => graph.referrersOf(table, 'aws_route'))
    .filter(({ attributes }) => attributes.destination_cidr_block === '0.0.0.0/0');
  if (routes.some(({ attributes }) => attributes.gateway_id !== undefined)) return 'gateway';
  return routes.length > 0 ? 'nat' : 'none';
}

function portsOf({ attributes }: GraphResource): Ports {
  if (['-1', 'all'].includes(textsAt(attributes, 'ip_protocol')[0] ?? String(attributes.protocol))) return anyPort;
  return { from: numberAt(attributes, 'from_port') ?? anyPort.from, to: numberAt(attributes, 'to_port') ?? anyPort.to };
}

function order({ attributes }: GraphResource): number {
  return numberAt(attributes, 'rule_number') ?? 0;
}

function pointsAt(graph: ResourceGraph, resource: GraphResource, target: GraphResource): boolean {
  return graph.referencesOf(resource).some((reference) => reference.target === target);
}

function targetOf(graph: ResourceGraph, resource: GraphResource, attribute: string): GraphResource {
  const target = graph.targetOf(resource, attribute);
  if (target === undefined) throw new Error(`${resource.path}: ${attribute} points at nothing of ours.`);
  return target;
}
