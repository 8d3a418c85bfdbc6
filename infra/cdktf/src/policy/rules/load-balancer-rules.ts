import { blocksAt, numberAt, textsAt, valueAt } from '../attributes.ts';
import type { GraphResource, ResourceGraph } from '../resource-graph.ts';
import { accompanied, each, targetsOf, type PolicyRule } from '../rule.ts';

const balancer = 'aws_lb';
const listener = 'aws_lb_listener';

/** Load balancer, listeners, target groups, certificates. */
export const loadBalancerRules: readonly PolicyRule[] = [
  each(balancer, {
    ids: ['CKV_AWS_91', 'FSBP ELB.5'],
    title: 'logs every request',
    holds: ({ attributes }) => valueAt(attributes, 'access_logs.enabled') === true,
  }),
  each(balancer, {
    ids: ['Stowage connection-logs'],
    title: 'logs every connection',
    holds: ({ attributes }) => valueAt(attributes, 'connection_logs.enabled') === true,
  }),
  each(balancer, {
    ids: ['CKV_AWS_131', 'AWS-0052', 'FSBP ELB.4'],
    title: 'drops malformed headers',
    holds: ({ attributes }) => attributes.drop_invalid_header_fields === true,
  }),
  each(balancer, {
    ids: ['CKV_AWS_150', 'FSBP ELB.6'],
    title: 'is protected from deletion',
    holds: ({ attributes }) => attributes.enable_deletion_protection === true,
  }),
  each(balancer, {
    ids: ['CKV_AWS_152'],
    title: 'spreads over zones, if it is a network load balancer',
    holds: ({ attributes }) =>
      attributes.load_balancer_type !== 'network' || attributes.enable_cross_zone_load_balancing === true,
  }),
  each(balancer, {
    ids: ['CKV_AWS_328', 'FSBP ELB.12'],
    title: 'is careful with requests that two parsers read differently',
    holds: ({ attributes }) => ['defensive', 'strictest'].includes(String(attributes.desync_mitigation_mode)),
  }),
  each(balancer, {
    ids: ['FSBP ELB.13'],
    title: 'stands in several zones',
    holds: ({ attributes }) => textsAt(attributes, 'subnets').length > 1,
  }),
  each(listener, {
    ids: ['CKV_AWS_2', 'AWS-0054', 'CKV2_AWS_20', 'FSBP ELB.1', 'CIS 5.4.5'],
    title: 'speaks HTTPS, or sends there',
    holds: ({ attributes }) =>
      attributes.protocol === 'HTTPS' || blocksAt(attributes, 'default_action').every(redirectsToHttps),
  }),
  each(listener, {
    ids: ['CKV_AWS_103', 'AWS-0047', 'FSBP ELB.17'],
    title: 'speaks TLS 1.2 or newer',
    holds: ({ attributes }) =>
      attributes.protocol !== 'HTTPS' || /^ELBSecurityPolicy-TLS13-1-[23]-/.test(String(attributes.ssl_policy)),
  }),
  each(listener, {
    ids: ['CKV2_AWS_74'],
    title: 'uses strong ciphers alone',
    holds: ({ attributes }) =>
      attributes.protocol !== 'HTTPS' || /^ELBSecurityPolicy-TLS13-1-(?:2-Res|3)-/.test(String(attributes.ssl_policy)),
  }),
  each(listener, {
    ids: ['Prowler elbv2_listener_pqc_tls_enabled'],
    title: 'agrees on keys that a quantum computer cannot find',
    holds: ({ attributes }) => attributes.protocol !== 'HTTPS' || String(attributes.ssl_policy).includes('-PQ-'),
  }),
  each('aws_lb_target_group', {
    ids: ['CKV_AWS_378', 'FSBP ELB.18'],
    title: 'is served by an HTTPS listener of its own stack',
    holds: (group, graph) =>
      group.attributes.protocol !== 'HTTP' ||
      graph
        .referrersOf(group, listener)
        .some(({ attributes, stack }) => attributes.protocol === 'HTTPS' && stack === group.stack),
  }),
  each('aws_lb_target_group', {
    ids: ['CKV_AWS_261'],
    title: 'asks for health at a path',
    holds: ({ attributes }) => String(valueAt(attributes, 'health_check.path')).startsWith('/'),
  }),
  accompanied(balancer, {
    ids: ['CKV2_AWS_28'],
    title: 'is behind a web ACL of its own stack',
    by: 'aws_wafv2_web_acl_association',
  }),
  each(balancer, {
    ids: ['CKV2_AWS_76'],
    title: 'is behind rules against Log4j and against anonymous networks',
    holds: (resource, graph) =>
      ['AWSManagedRulesKnownBadInputsRuleSet', 'AWSManagedRulesAnonymousIpList'].every((name) =>
        aclsOf(resource, graph).some((acl) => managedRulesOf(acl).includes(name)),
      ),
  }),
  each(balancer, {
    ids: ['AWS-0053'],
    title: 'is not open to the internet',
    holds: ({ attributes }) => attributes.internal === true,
  }),
  each('aws_acm_certificate', {
    ids: ['CKV_AWS_233'],
    title: 'is made anew before the old one goes',
    holds: ({ attributes }) => valueAt(attributes, 'lifecycle.create_before_destroy') === true,
  }),
  each('aws_acm_certificate', {
    ids: ['CKV_AWS_234'],
    title: 'is in the public logs of certificates',
    holds: ({ attributes }) =>
      valueAt(attributes, 'options.certificate_transparency_logging_preference') !== 'DISABLED',
  }),
  each('aws_acm_certificate', {
    ids: ['CKV2_AWS_71'],
    title: 'is for named hosts, not for all of a domain',
    holds: ({ attributes }) =>
      [...textsAt(attributes, 'domain_name'), ...textsAt(attributes, 'subject_alternative_names')].every(
        (name) => !name.startsWith('*'),
      ),
  }),
  each('aws_acm_certificate', {
    ids: ['FSBP ACM.1'],
    title: 'renews itself, as DNS proves whose it is',
    holds: ({ attributes }) => attributes.validation_method === 'DNS',
  }),
  each('aws_acm_certificate', {
    ids: ['FSBP ACM.2'],
    title: 'has a key of 2048 bits or more',
    holds: ({ attributes }) => attributes.key_algorithm === undefined || attributes.key_algorithm !== 'RSA_1024',
  }),
];

function redirectsToHttps(action: Readonly<Record<string, unknown>>): boolean {
  return (
    action.type === 'redirect' &&
    valueAt(action, 'redirect.protocol') === 'HTTPS' &&
    numberAt(action, 'redirect.port') === 443
  );
}

function aclsOf(resource: GraphResource, graph: ResourceGraph): readonly GraphResource[] {
  return graph
    .referrersOf(resource, 'aws_wafv2_web_acl_association')
    .flatMap((association) => targetsOf(association, graph))
    .filter(({ type }) => type === 'aws_wafv2_web_acl');
}

function managedRulesOf({ attributes }: GraphResource): readonly string[] {
  return blocksAt(attributes, 'rule').flatMap((rule) => textsAt(rule, 'statement.managed_rule_group_statement.name'));
}
