import { templatePaths } from '../../../src/policy/pod-templates.ts';
import { add, allow, set, type Mutation } from '../mutation.ts';

/** Another way to break a rule than that of its own mutation. */
export interface Detour {
  /** The first id of the rule. */
  readonly id: string;
  readonly what: string;
  readonly mutation: Mutation;
}

const anywhere6 = '::/0';
const tcp = { protocol: 'tcp', egress: false, rule_action: 'allow' };

/** By IPv6, by older types that mean the same, by blocks inside another resource, by a wider range than the one that is named. */
export const detours: readonly Detour[] = [
  {
    id: 'CKV_AWS_232',
    what: 'SSH by IPv6 in a network ACL',
    mutation: add('aws_network_acl_rule', { ...tcp, ipv6_cidr_block: anywhere6, from_port: 22, to_port: 22 }),
  },
  {
    id: 'CKV_AWS_231',
    what: 'remote desktop within all high ports',
    mutation: add('aws_network_acl_rule', { ...tcp, cidr_block: '0.0.0.0/0', from_port: 1_024, to_port: 65_535 }),
  },
  ...[
    ['Stowage replaceable-name', 'aws_security_group'] as const,
    ['Stowage replaceable-database-parameters', 'aws_db_parameter_group'] as const,
    ['Stowage replaceable-cache-parameters', 'aws_elasticache_parameter_group'] as const,
  ].map(([id, type]) => ({
    ...{ id, what: 'what is in use would have to go first' },
    mutation: set(type, ['lifecycle.create_before_destroy', false]),
  })),
  {
    id: 'Stowage backup-windows',
    what: 'a backup that may be late for the window of the database',
    mutation: set('aws_backup_plan', ['rule.start_window', 24 * 60 - 4 * 60]),
  },
  {
    id: 'Stowage backup-windows',
    what: 'a database whose window comes as the backup begins',
    mutation: set('aws_db_instance', ['maintenance_window', 'sun:06:30-sun:07:30']),
  },
  ...[{ ArnLike: { 'aws:PrincipalArn': '*' } }, { StringNotEquals: { 'aws:PrincipalAccount': '333333333333' } }].map(
    (Condition) => ({
      id: 'CKV_AWS_70',
      what: `anybody at all by ${JSON.stringify(Condition)}`,
      mutation: allow('aws_s3_bucket_policy', { Action: 's3:PutObject', Resource: '*', Principal: '*', Condition }),
    }),
  ),
  {
    id: 'CKV_AWS_24',
    what: 'SSH by IPv6 in a security group',
    mutation: add('aws_vpc_security_group_ingress_rule', {
      ...{ description: 'Added', ip_protocol: 'tcp', cidr_ipv6: anywhere6, from_port: 22, to_port: 22 },
    }),
  },
  {
    id: 'CKV_AWS_24',
    what: 'SSH within all protocols',
    mutation: add('aws_vpc_security_group_ingress_rule', {
      ...{ description: 'Added', ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' },
    }),
  },
  {
    id: 'Stowage standalone-rules',
    what: 'a rule of a security group of the older type',
    mutation: add('aws_security_group_rule', { type: 'ingress', cidr_blocks: ['0.0.0.0/0'], from_port: 22 }),
  },
  {
    id: 'Stowage standalone-acl-rules',
    what: 'a route inside its table',
    mutation: set('aws_route_table', ['route', [{ cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }]]),
  },
  {
    id: 'CKV_AWS_38',
    what: 'an API server that is open by IPv6',
    mutation: set('aws_eks_cluster', [
      'vpc_config',
      { endpoint_public_access: true, public_access_cidrs: ['203.0.113.0/24', anywhere6] },
    ]),
  },
  {
    id: 'CKV_AWS_339',
    what: 'a cluster that slips into extended support',
    mutation: set('aws_eks_cluster', ['upgrade_policy.support_type', 'EXTENDED']),
  },
  {
    id: 'CKV_AWS_62',
    what: 'everything but one action',
    mutation: allow('aws_iam_role_policy', { NotAction: 'iam:CreateUser', Resource: '*' }),
  },
];

const placeOf = (path: string) => path.replace(/^spec\.?/, '');

/** A workload of each kind whose container is privileged, runs as root and may write: none escapes because of its kind. */
export const podKinds: readonly Detour[] = Object.entries(templatePaths).flatMap(([type, path]) =>
  ['CKV_K8S_16', 'CKV_K8S_22', 'CKV_K8S_23', 'CKV_K8S_43'].map((id) => ({
    id,
    what: `a ${type}`,
    mutation: add(
      type,
      { metadata: { name: 'added', namespace: 'stowage' }, spec: specAt(placeOf(path)) },
      'workloads',
    ),
  })),
);

/** A spec with one bad container at a path such as `template.spec`. */
function specAt(path: string): Readonly<Record<string, unknown>> {
  const pod = { container: [{ name: 'bad', image: 'bad:1.0', security_context: { privileged: true } }] };
  const keys = path.split('.').filter((key) => key !== '');
  return keys.reduceRight<Readonly<Record<string, unknown>>>((inner, key) => ({ [key]: inner }), pod);
}
