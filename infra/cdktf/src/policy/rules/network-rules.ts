import { blocksAt, numberAt, textsAt, valueAt } from '../attributes.ts';
import { statementsOf } from '../policy-statements.ts';
import type { GraphResource } from '../resource-graph.ts';
import { accompanied, each, none, type PolicyRule, type RuleName } from '../rule.ts';

/** Networks, subnets, routes, network ACLs, endpoints. */
export const networkRules: readonly PolicyRule[] = [
  accompanied('aws_vpc', {
    ids: ['CKV2_AWS_11', 'AWS-0178', 'FSBP EC2.6'],
    title: 'has flow logs of all traffic',
    by: 'aws_flow_log',
    holds: (log) => log.attributes.traffic_type === 'ALL',
  }),
  accompanied('aws_vpc', {
    ids: ['CKV2_AWS_12', 'AWS-0173', 'FSBP EC2.2'],
    title: 'has a default security group without a rule',
    by: 'aws_default_security_group',
    holds: ({ attributes }) => blocksAt(attributes, 'ingress').length + blocksAt(attributes, 'egress').length === 0,
  }),
  accompanied('aws_vpc', {
    ids: ['Stowage empty-default-acl'],
    title: 'has a default network ACL that lets nothing through',
    by: 'aws_default_network_acl',
    holds: ({ attributes }) => blocksAt(attributes, 'ingress').length + blocksAt(attributes, 'egress').length === 0,
  }),
  accompanied('aws_vpc', {
    ids: ['Stowage empty-default-routes'],
    title: 'has a default route table that leads nowhere',
    by: 'aws_default_route_table',
    holds: ({ attributes }) => blocksAt(attributes, 'route').length === 0,
  }),
  each(['aws_network_acl', 'aws_route_table'], {
    ids: ['Stowage standalone-acl-rules'],
    title: 'has its rules and routes as resources of their own, which other rules and the model of reachability read',
    holds: ({ attributes }) =>
      ['ingress', 'egress', 'route'].every((block) => blocksAt(attributes, block).length === 0),
  }),
  none('aws_default_vpc', { ids: ['AWS-0101'], title: 'is not used: nobody planned the default network' }),
  each('aws_subnet', {
    ids: ['CKV_AWS_130', 'AWS-0164', 'FSBP EC2.15'],
    title: 'gives no public address to what starts in it',
    holds: ({ attributes }) => attributes.map_public_ip_on_launch !== true,
  }),
  accompanied('aws_subnet', { ids: ['CKV2_AWS_1'], title: 'has a network ACL of its own', by: 'aws_network_acl' }),
  noAclIngress({ ids: ['CKV_AWS_229'], title: 'lets nobody from anywhere in on FTP, port 21' }, 21),
  noAclIngress({ ids: ['CKV_AWS_230'], title: 'lets nobody from anywhere in on FTP data, port 20' }, 20),
  noAclIngress({ ids: ['CKV_AWS_231', 'FSBP EC2.21'], title: 'lets nobody from anywhere in on RDP, port 3389' }, 3389),
  noAclIngress({ ids: ['CKV_AWS_232', 'AWS-0105'], title: 'lets nobody from anywhere in on SSH, port 22' }, 22),
  each('aws_network_acl_rule', {
    ids: ['CKV_AWS_352'],
    title: 'admits some ports, not all',
    holds: ({ attributes }) =>
      !isAllowed(attributes) ||
      attributes.egress === true ||
      (numberAt(attributes, 'to_port') ?? 65_535) - (numberAt(attributes, 'from_port') ?? 0) < 65_535,
  }),
  each('aws_network_acl_rule', {
    ids: ['AWS-0102'],
    title: 'names a protocol',
    holds: ({ attributes }) => !isAllowed(attributes) || !['-1', 'all'].includes(String(attributes.protocol)),
  }),
  each('aws_network_acl', {
    ids: ['FSBP EC2.16'],
    title: 'guards a subnet',
    holds: ({ attributes }) => textsAt(attributes, 'subnet_ids').length > 0,
  }),
  each('aws_route', {
    ids: ['CKV2_AWS_35'],
    title: 'leads to the internet through a gateway, not through an instance',
    holds: ({ attributes }) =>
      attributes.destination_cidr_block !== '0.0.0.0/0' ||
      attributes.nat_gateway_id !== undefined ||
      attributes.gateway_id !== undefined,
  }),
  each('aws_route', {
    ids: ['CKV2_AWS_44'],
    title: 'leads to a peer for its own range alone',
    holds: ({ attributes }) =>
      attributes.vpc_peering_connection_id === undefined || attributes.destination_cidr_block !== '0.0.0.0/0',
  }),
  accompanied('aws_eip', { ids: ['CKV2_AWS_19'], title: 'is in use', by: 'aws_nat_gateway' }),
  reachedPrivately('ecr.api', ['FSBP EC2.55']),
  reachedPrivately('ecr.dkr', ['FSBP EC2.56']),
  reachedPrivately('ssm', ['FSBP EC2.57']),
  reachedPrivately('ec2', ['FSBP EC2.10']),
  reachedPrivately('ssm-contacts', ['FSBP EC2.58']),
  reachedPrivately('ssm-incidents', ['FSBP EC2.60']),
  each('aws_vpc_endpoint', {
    ids: ['BPG endpoint-policy'],
    title: 'has a policy that is limited to this account or to named resources',
    holds: isLimitedEndpoint,
  }),
  accompanied('aws_vpc', {
    ids: ['FSBP EC2.172'],
    title: 'is guarded by VPC block public access',
    by: 'aws_vpc_block_public_access_options',
  }),
];

function noAclIngress(name: RuleName, port: number): PolicyRule {
  return each('aws_network_acl_rule', {
    ...name,
    holds: ({ attributes }) =>
      !isAllowed(attributes) ||
      attributes.egress === true ||
      (attributes.cidr_block !== '0.0.0.0/0' && attributes.ipv6_cidr_block !== '::/0') ||
      !coversPort(attributes, port),
  });
}

function isAllowed(attributes: Readonly<Record<string, unknown>>): boolean {
  return attributes.rule_action === 'allow';
}

function coversPort(attributes: Readonly<Record<string, unknown>>, port: number): boolean {
  return (numberAt(attributes, 'from_port') ?? 0) <= port && port <= (numberAt(attributes, 'to_port') ?? 65_535);
}

function reachedPrivately(service: string, ids: PolicyRule['ids']): PolicyRule {
  return accompanied('aws_vpc', {
    ids,
    title: `reaches ${service} by an interface endpoint`,
    by: 'aws_vpc_endpoint',
    holds: ({ attributes }) =>
      attributes.vpc_endpoint_type === 'Interface' &&
      textsAt(attributes, 'service_name').some((name) => name.endsWith(`.${service}`)),
  });
}

function isLimitedEndpoint(endpoint: GraphResource): boolean {
  const statements = statementsOf(endpoint, 'policy');
  if (statements.length === 0 || valueAt(endpoint.attributes, 'policy') === undefined) return false;
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .every(
      ({ resources, conditions }) =>
        !resources.includes('*') ||
        conditions.some(({ variable }) => /^aws:(?:Principal|Resource)Account$/.test(variable)),
    );
}
