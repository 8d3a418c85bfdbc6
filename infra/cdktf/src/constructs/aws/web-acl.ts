import { Wafv2WebAcl, type Wafv2WebAclRule } from '@cdktf/provider-aws/lib/wafv2-web-acl/index.js';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { LogGroup } from './log-group.ts';
import { toStatement, type Statement } from './web-acl-match.ts';
import { findRuleFaults, type ManagedRule, type RateRule, type WebAclRule } from './web-acl-rule.ts';

export interface WebAclProps {
  /** Last part of the name. */
  readonly name: string;
  /** In the order they are asked. */
  readonly rules: readonly WebAclRule[];
  readonly loadBalancer: LoadBalancer;
  readonly logs: {
    readonly key: EncryptionKey;
    readonly retentionDays: number;
    /** Labels of AWS whose requests are logged even though they passed. */
    readonly labels: readonly string[];
  };
}

/** Headers that carry credentials; what a query asks for is a customer's business. */
const redactedHeaders = ['authorization', 'cookie'];

/** Answers of our own rules, in the shape of the API's problems (RFC 9457). */
const answers = {
  refused: { status: 403, title: 'Forbidden', detail: 'The firewall refused this request.', type: 'about:blank' },
  limited: {
    status: 429,
    title: 'Rate limited',
    detail: 'Too many requests from this address. Wait five minutes.',
    type: '/problems/rate-limited',
  },
} as const;

/**
 * A firewall for HTTP in front of a load balancer. Refused requests are logged, without credentials and queries; every rule is a metric.
 * Throws when rules use more capacity than there is, or ask for labels that nothing puts on.
 */
export class WebAcl extends Construct {
  readonly arn: string;
  readonly aclName: string;
  readonly ruleNames: readonly string[];
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { name, rules, loadBalancer, logs }: WebAclProps) {
    super(scope, id);
    const faults = findRuleFaults(rules);
    if (faults.length > 0) throw new Error(`The web ACL "${name}" is refused: ${faults.join('; ')}.`);
    this.aclName = BaseStack.of(this).resourceName(name);
    this.ruleNames = rules.map((rule) => rule.name);
    const acl = new Wafv2WebAcl(this, 'Resource', {
      name: this.aclName,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      customResponseBody: Object.entries(answers).map(([key, answer]) => ({
        key,
        content: JSON.stringify(answer),
        contentType: 'APPLICATION_JSON',
      })),
      rule: rules.map(toRule),
      visibilityConfig: visibility(this.aclName),
    });
    this.arn = acl.arn;
    new Wafv2WebAclAssociation(this, 'Association', { webAclArn: acl.arn, resourceArn: loadBalancer.arn });
    // AWS WAF writes to groups with this prefix alone.
    const groupName = `aws-waf-logs-${this.aclName}`;
    this.logGroup = new LogGroup(this, 'Logs', { name: groupName, retentionDays: logs.retentionDays, key: logs.key });
    this.#log(logs.labels);
  }

  #log(labels: readonly string[]): void {
    new Wafv2WebAclLoggingConfiguration(this, 'Logging', {
      resourceArn: this.arn,
      logDestinationConfigs: [this.logGroup.arn],
      redactedFields: [...redactedHeaders.map((header) => ({ singleHeader: { name: header } })), { queryString: {} }],
      loggingFilter: {
        defaultBehavior: 'DROP',
        filter: [
          {
            behavior: 'KEEP',
            requirement: 'MEETS_ANY',
            condition: [
              { actionCondition: { action: 'BLOCK' } },
              ...labels.map((labelName) => ({ labelNameCondition: { labelName } })),
            ],
          },
        ],
      },
    });
  }
}

function toRule(rule: WebAclRule, index: number): Wafv2WebAclRule {
  const common = { name: rule.name, priority: index, visibilityConfig: visibility(rule.name) };
  switch (rule.kind) {
    case 'label':
      return {
        ...common,
        action: { count: {} },
        ruleLabel: [{ name: rule.label }],
        statement: toStatement(rule.match),
      };
    case 'block':
      return { ...common, action: answerWith('refused'), statement: toStatement(rule.match) };
    case 'managed':
      return { ...common, overrideAction: { none: {} }, statement: managedStatement(rule) };
    case 'rate':
      return { ...common, action: answerWith('limited'), statement: rateStatement(rule) };
  }
}

function answerWith(key: keyof typeof answers) {
  const { status: responseCode } = answers[key];
  return { block: { customResponse: { responseCode, customResponseBodyKey: key } } };
}

function managedStatement({ group, counted = [] }: ManagedRule): Statement {
  return {
    managed_rule_group_statement: {
      vendor_name: 'AWS',
      name: group.name,
      rule_action_override: counted.map((name) => ({ name, action_to_use: { count: {} } })),
    },
  };
}

function rateStatement({ requests, match }: RateRule): Statement {
  return {
    rate_based_statement: {
      limit: requests,
      aggregate_key_type: 'IP',
      evaluation_window_sec: 300,
      ...(match === undefined ? {} : { scope_down_statement: toStatement(match) }),
    },
  };
}

function visibility(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
