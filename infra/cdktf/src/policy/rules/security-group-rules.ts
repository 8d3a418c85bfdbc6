import { numberAt, textsAt, valueAt } from '../attributes.ts';
import type { GraphResource } from '../resource-graph.ts';
import { each, targetsOf, type PolicyRule, type RuleName } from '../rule.ts';

const ingress = 'aws_vpc_security_group_ingress_rule';
const egress = 'aws_vpc_security_group_egress_rule';
const anywhere = ['0.0.0.0/0', '::/0'];

/** What the world may be let in on: HTTPS, and HTTP to be sent there. */
const publicPorts = [80, 443];

/** Security groups and their rules. */
export const securityGroupRules: readonly PolicyRule[] = [
  each(['aws_security_group', ingress, egress], {
    ids: ['CKV_AWS_23', 'AWS-0099', 'AWS-0124'],
    title: 'says what it is for',
    holds: ({ attributes }) =>
      typeof attributes.description === 'string' &&
      attributes.description !== '' &&
      attributes.description !== 'Managed by Terraform',
  }),
  each('aws_security_group', {
    ids: ['Stowage replaceable-name'],
    title: 'can be made anew before the old one goes: its name is not fixed',
    holds: ({ attributes }) =>
      valueAt(attributes, 'lifecycle.create_before_destroy') === true && attributes.name === undefined,
  }),
  each(['aws_security_group', 'aws_security_group_rule'], {
    ids: ['Stowage standalone-rules'],
    title: 'has its rules as resources of their own, one for each way, which describe themselves',
    holds: ({ type, attributes }) =>
      type === 'aws_security_group' && attributes.ingress === undefined && attributes.egress === undefined,
  }),
  notFromAnywhere(
    { ids: ['CKV_AWS_24', 'AWS-0107', 'FSBP EC2.19'], title: 'lets nobody from anywhere in on SSH, port 22' },
    22,
  ),
  notFromAnywhere({ ids: ['CKV_AWS_25'], title: 'lets nobody from anywhere in on RDP, port 3389' }, 3389),
  notFromAnywhere({ ids: ['CKV_AWS_260'], title: 'lets nobody from anywhere in on HTTP, port 80' }, 80),
  each(ingress, { ids: ['CKV_AWS_277'], title: 'admits some ports, not all', holds: (rule) => !coversAllPorts(rule) }),
  each(egress, {
    ids: ['CKV_AWS_382'],
    title: 'lets out on some ports, not all',
    holds: (rule) => !coversAllPorts(rule),
  }),
  each(egress, {
    ids: ['AWS-0104'],
    title: 'lets nothing out to the whole internet',
    holds: (rule) => !isAnywhere(rule),
  }),
  each('aws_security_group', {
    ids: ['CKV2_AWS_5'],
    title: 'is attached to something',
    holds: (group, graph) =>
      graph.resources.some((user) => ![ingress, egress].includes(user.type) && targetsOf(user, graph).includes(group)),
  }),
  each(ingress, {
    ids: ['FSBP EC2.18'],
    title: `lets the world in on ${publicPorts.join(' and ')} alone`,
    holds: (rule) => !isAnywhere(rule) || publicPorts.some((port) => coversOnly(rule, port)),
  }),
];

function notFromAnywhere(name: RuleName, port: number): PolicyRule {
  return each(ingress, { ...name, holds: (rule) => !isAnywhere(rule) || !covers(rule, port) });
}

function isAnywhere({ attributes }: GraphResource): boolean {
  return [...textsAt(attributes, 'cidr_ipv4'), ...textsAt(attributes, 'cidr_ipv6')].some((range) =>
    anywhere.includes(range),
  );
}

function covers({ attributes }: GraphResource, port: number): boolean {
  if (attributes.ip_protocol === '-1') return true;
  return (numberAt(attributes, 'from_port') ?? 0) <= port && port <= (numberAt(attributes, 'to_port') ?? 65_535);
}

function coversOnly({ attributes }: GraphResource, port: number): boolean {
  return numberAt(attributes, 'from_port') === port && numberAt(attributes, 'to_port') === port;
}

function coversAllPorts(rule: GraphResource): boolean {
  return covers(rule, 1) && covers(rule, 65_535);
}
