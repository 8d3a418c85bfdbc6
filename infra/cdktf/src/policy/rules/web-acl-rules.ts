import { blocksAt, valueAt } from '../attributes.ts';
import type { GraphResource } from '../resource-graph.ts';
import { accompanied, each, targetsOf, type PolicyRule } from '../rule.ts';

const acl = 'aws_wafv2_web_acl';

/** Web ACLs and DNS. */
export const webAclRules: readonly PolicyRule[] = [
  each(acl, {
    ids: ['CKV_AWS_175', 'FSBP WAF.10'],
    title: 'has rules',
    holds: (resource) => rulesOf(resource).length > 0,
  }),
  each(acl, {
    ids: ['CKV_AWS_192'],
    title: 'stops attempts at Log4j',
    holds: (resource) => {
      const rules = rulesOf(resource);
      return rules.some((rule, index) => stopsLog4j(rule, rules.slice(index + 1)));
    },
  }),
  each(acl, {
    ids: ['CKV_AWS_342'],
    title: 'says in each rule what becomes of a match',
    holds: (resource) =>
      rulesOf(resource).every(
        (rule) => blocksAt(rule, 'action').length + blocksAt(rule, 'override_action').length === 1,
      ),
  }),
  accompanied(acl, {
    ids: ['CKV2_AWS_31', 'Prowler wafv2_webacl_logging_enabled'],
    title: 'logs what it decides',
    by: 'aws_wafv2_web_acl_logging_configuration',
  }),
  each(acl, {
    ids: ['FSBP WAF.12'],
    title: 'counts the matches of each rule',
    holds: (resource) =>
      rulesOf(resource).every((rule) => valueAt(rule, 'visibility_config.cloudwatch_metrics_enabled') === true),
  }),
  each(acl, {
    ids: ['Stowage snake-case-waf-rules'],
    title: 'has rules in the spelling of Terraform, which the bindings do not check',
    holds: (resource) => !/"[a-z]+[A-Z]\w*":/.test(JSON.stringify(rulesOf(resource))),
  }),
  accompanied('aws_route53_zone', {
    ids: ['CKV2_AWS_38'],
    title: 'is signed',
    by: 'aws_route53_hosted_zone_dnssec',
  }),
  accompanied('aws_route53_zone', {
    ids: ['CKV2_AWS_39', 'FSBP Route53.2'],
    title: 'logs who asks',
    by: 'aws_route53_query_log',
  }),
  each('aws_route53_record', {
    ids: ['CKV2_AWS_23'],
    title: 'leads, if it is an address, to something of ours',
    holds: (record, graph) =>
      !['A', 'AAAA'].includes(String(record.attributes.type)) ||
      targetsOf(record, graph).some(({ type }) => ['aws_lb', 'aws_eip', 'aws_cloudfront_distribution'].includes(type)),
  }),
];

function rulesOf({ attributes }: GraphResource): readonly Readonly<Record<string, unknown>>[] {
  return blocksAt(attributes, 'rule');
}

/** Outright, or by a later rule that refuses what this one has labelled. */
function stopsLog4j(
  rule: Readonly<Record<string, unknown>>,
  later: readonly Readonly<Record<string, unknown>>[],
): boolean {
  const group = valueAt(rule, 'statement.managed_rule_group_statement');
  if (valueAt(group, 'name') !== 'AWSManagedRulesKnownBadInputsRuleSet') return false;
  const refused = JSON.stringify(later.filter((one) => blocksAt(one, 'action.block').length === 1)).toLowerCase();
  const isWeakened = blocksAt(group, 'rule_action_override')
    .map(({ name }) => String(name))
    .filter((name) => name.startsWith('Log4JRCE'))
    .some((name) => !refused.includes(`:known-bad-inputs:${name.toLowerCase()}"`));
  return blocksAt(rule, 'override_action.none').length === 1 && !isWeakened;
}
