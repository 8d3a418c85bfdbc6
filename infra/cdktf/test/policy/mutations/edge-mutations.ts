import { add, drop, dropAll, set, type Mutation } from '../mutation.ts';

const balancer = 'aws_lb';
const listener = 'aws_lb_listener';
const https = { having: { protocol: 'HTTPS' } };
const certificate = 'aws_acm_certificate';
const acl = 'aws_wafv2_web_acl';

const knownBadInputs = (statement: object, override: object = { none: {} }) => [
  {
    name: 'only',
    override_action: override,
    statement: { managed_rule_group_statement: { name: 'AWSManagedRulesKnownBadInputsRuleSet', ...statement } },
    visibility_config: { cloudwatch_metrics_enabled: true },
  },
];

export const loadBalancerMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_91: set(balancer, ['access_logs.enabled', false]),
  'Stowage connection-logs': set(balancer, ['connection_logs.enabled', false]),
  CKV_AWS_131: set(balancer, ['drop_invalid_header_fields', false]),
  CKV_AWS_150: set(balancer, ['enable_deletion_protection', false]),
  CKV_AWS_152: set(balancer, ['load_balancer_type', 'network']),
  CKV_AWS_328: set(balancer, ['desync_mitigation_mode', 'monitor']),
  'FSBP ELB.13': set(balancer, ['subnets', ['subnet-1']]),
  CKV_AWS_2: set(listener, ['default_action', { type: 'fixed-response' }], { having: { protocol: 'HTTP' } }),
  CKV_AWS_103: set(listener, ['ssl_policy', 'ELBSecurityPolicy-2016-08'], https),
  CKV2_AWS_74: set(listener, ['ssl_policy', 'ELBSecurityPolicy-TLS13-1-2-Ext2-PQ-2025-09'], https),
  'Prowler elbv2_listener_pqc_tls_enabled': set(
    listener,
    ['ssl_policy', 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06'],
    https,
  ),
  CKV_AWS_378: add('aws_lb_target_group', { protocol: 'HTTP', health_check: { path: '/' } }, 'edge'),
  CKV_AWS_261: set('aws_lb_target_group', ['health_check.path', undefined]),
  CKV2_AWS_28: drop('aws_wafv2_web_acl_association'),
  CKV2_AWS_76: set(acl, ['rule', knownBadInputs({})]),
  'AWS-0053': add(balancer, { internal: false }, 'edge'),
  CKV_AWS_233: set(certificate, ['lifecycle', undefined]),
  CKV_AWS_234: set(certificate, ['options', { certificate_transparency_logging_preference: 'DISABLED' }]),
  CKV2_AWS_71: set(certificate, ['domain_name', '*.example.com']),
  'FSBP ACM.1': set(certificate, ['validation_method', 'EMAIL']),
  'FSBP ACM.2': set(certificate, ['key_algorithm', 'RSA_1024']),
};

export const webAclMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_175: set(acl, ['rule', []]),
  CKV_AWS_192: set(acl, ['rule', knownBadInputs({}, { count: {} })]),
  CKV_AWS_342: set(acl, ['rule', [{ name: 'undecided', visibility_config: { cloudwatch_metrics_enabled: true } }]]),
  CKV2_AWS_31: dropAll('aws_wafv2_web_acl_logging_configuration'),
  'FSBP WAF.12': set(acl, ['rule.visibility_config.cloudwatch_metrics_enabled', false]),
  'Stowage snake-case-waf-rules': set(acl, ['rule.visibility_config.cloudwatchMetricsEnabled', true]),
  CKV2_AWS_38: add('aws_route53_zone', { name: 'example.com' }, 'edge'),
  CKV2_AWS_39: add('aws_route53_zone', { name: 'example.com' }, 'edge'),
  CKV2_AWS_23: add('aws_route53_record', { type: 'A', records: ['192.0.2.1'] }, 'edge'),
};
