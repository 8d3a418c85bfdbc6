import { contains } from '../environments/cidr-plan.ts';
import type { GraphResource, ResourceGraph } from '../policy/resource-graph.ts';
import {
  mapGroupRules,
  mapSubnets,
  subnetsOfGroup,
  type AclRule,
  type GroupRule,
  type MappedSubnet,
  type Ports,
} from './network-map.ts';

/** Who can open a TCP connection to whom. `internet` is everybody outside. */
export interface Connection {
  /** Place of a security group, such as `network/Traffic/Nodes`, or `internet`. */
  readonly from: string;
  readonly to: string;
  /** `443`, or `1024-65535`. */
  readonly ports: string;
}

const internet = 'internet';
const anywhere = '0.0.0.0/0';
/** Linux picks the port of a client from these; load balancers and NAT gateways take others above 1023, 3389 left out. */
const replyPorts: readonly Ports[] = [{ from: 32_768, to: 60_999 }];

/**
 * Every TCP connection that security groups, network ACLs and routes let through, replies included. All of these must agree:
 * a rule of one side alone opens nothing.
 */
export function findConnections(graph: ResourceGraph): readonly Connection[] {
  const rules = mapGroupRules(graph);
  const subnets = new Map(mapSubnets(graph).map((mapped) => [mapped.subnet, mapped]));
  const places = (group: GraphResource) => subnetsOfGroup(graph, group).flatMap((subnet) => subnets.get(subnet) ?? []);
  const inbound = rules
    .filter(({ direction }) => direction === 'ingress')
    .flatMap((rule) => admitted(rule, rules, places));
  const outbound = rules
    .filter(({ direction, peer }) => direction === 'egress' && peer === anywhere)
    .filter(({ group, ports }) => places(group).some((place) => canLeave(place, ports)))
    .map(({ group, ports }) => ({ from: nameOf(group), to: internet, ports: textOf(ports) }));
  return [...inbound, ...outbound];
}

/** Subnets from which nothing can get to the internet, whatever security groups say. */
export function findSealedSubnets(graph: ResourceGraph): readonly string[] {
  return mapSubnets(graph)
    .filter(({ exit }) => exit === 'none')
    .map(({ subnet }) => subnet.path);
}

type Places = (group: GraphResource) => readonly MappedSubnet[];

/** What a rule that lets something in really lets in. */
function admitted(rule: GroupRule, rules: readonly GroupRule[], places: Places): readonly Connection[] {
  const { group, peer, ports } = rule;
  const targets = places(group);
  if (typeof peer === 'string') {
    const isOpen = targets.some(
      (target) =>
        target.exit === 'gateway' &&
        passes(target.aclRules, 'ingress', { cidr: peer, ports }) &&
        replies(target, anywhere),
    );
    return isOpen ? [{ from: peer === anywhere ? internet : peer, to: nameOf(group), ports: textOf(ports) }] : [];
  }
  const isAnswered = rules.some(
    (other) =>
      other.direction === 'egress' && other.group === peer && other.peer === group && covers(other.ports, ports),
  );
  const isRouted = places(peer).some((source) => targets.some((target) => crosses(source, target, ports)));
  return isAnswered && isRouted ? [{ from: nameOf(peer), to: nameOf(group), ports: textOf(ports) }] : [];
}

/** Whether network ACLs let a connection and its replies through. Within one subnet they are not asked. */
function crosses(source: MappedSubnet, target: MappedSubnet, ports: Ports): boolean {
  if (source.subnet === target.subnet) return true;
  return (
    passes(source.aclRules, 'egress', { cidr: target.cidr, ports }) &&
    passes(target.aclRules, 'ingress', { cidr: source.cidr, ports }) &&
    replies(target, source.cidr) &&
    replyPorts.every((reply) => passes(source.aclRules, 'ingress', { cidr: target.cidr, ports: reply }))
  );
}

function canLeave(place: MappedSubnet, ports: Ports): boolean {
  return place.exit !== 'none' && passes(place.aclRules, 'egress', { cidr: anywhere, ports });
}

function replies(target: MappedSubnet, cidr: string): boolean {
  return replyPorts.every((ports) => passes(target.aclRules, 'egress', { cidr, ports }));
}

interface Packet {
  readonly cidr: string;
  readonly ports: Ports;
}

/** Rules are asked in order and the first that fits decides; without one, nothing passes. Several rules may share a range of ports. */
function passes(rules: readonly AclRule[], direction: AclRule['direction'], { cidr, ports }: Packet): boolean {
  const relevant = rules.filter((rule) => rule.direction === direction && contains(rule.cidr, cidr));
  const edges = relevant.flatMap((rule) => [rule.ports.from, rule.ports.to + 1]);
  // Between two edges every port is treated alike, and nobody answers on 3389.
  const probes = [ports.from, ...edges.filter((edge) => edge > ports.from && edge <= ports.to)].filter(
    (port) => port !== 3_389,
  );
  return probes.every((port) => relevant.find((rule) => covers(rule.ports, { from: port, to: port }))?.allows === true);
}

function covers(outer: Ports, inner: Ports): boolean {
  return outer.from <= inner.from && inner.to <= outer.to;
}

function nameOf({ path }: GraphResource): string {
  return path.replace(/\/Resource$/, '');
}

function textOf({ from, to }: Ports): string {
  return from === to ? String(from) : `${from}-${to}`;
}
