import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { EncryptionKey } from './encryption-key.ts';
import type { Metric } from './metric.ts';
import { policyDocument, type PolicyConditions } from './policy-document.ts';

/** Services that publish by themselves, for this account. */
const publishers = ['budgets', 'cloudwatch', 'costalerts', 'events.rds'].map((service) => `${service}.amazonaws.com`);
const eventBridge = 'events.amazonaws.com';

export interface AlertTopicProps {
  /** Last part of the name. */
  readonly name: string;
  readonly emails: readonly string[];
}

/** Events of AWS that somebody is to hear of. */
export interface ReportedEvents {
  /** Last part of the rule's name. */
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly detailType: string;
  /** Which of them, by EventBridge's matching of `detail`. @default all */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Tells people. Each address must confirm once, by a link it gets when the topic is made. */
export class AlertTopic extends Construct {
  readonly arn: string;
  readonly topicName: string;
  readonly #rules: string[] = [];

  constructor(scope: Construct, id: string, { name, emails }: AlertTopicProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const ownAccount: PolicyConditions = { StringEquals: { 'aws:SourceAccount': stack.accountId } };
    const key = new EncryptionKey(this, 'Key', {
      name,
      description: `Messages of the topic ${name}`,
      // With the key of AWS, alarms would be dropped without a word: CloudWatch may not use it.
      users: [
        {
          sid: 'Publishers',
          principals: { Service: publishers },
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          conditions: ownAccount,
        },
        // EventBridge does not say to KMS for whom it publishes; the policy of the topic admits this account alone.
        // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
        { sid: 'Events', principals: { Service: [eventBridge] }, actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
      ],
    });
    this.topicName = stack.resourceName(name);
    const topic = new SnsTopic(this, 'Resource', { name: this.topicName, kmsMasterKeyId: key.arn });
    this.arn = topic.arn;
    this.#limitPublishers(ownAccount);
    for (const [index, endpoint] of emails.entries())
      new SnsTopicSubscription(this, `Email${index}`, { topicArn: this.arn, protocol: 'email', endpoint });
  }

  /** Tells of events in a scope, which owns the rule. */
  report(scope: Construct, id: string, { name, description, source, detailType, detail }: ReportedEvents): void {
    const ruleName = BaseStack.of(scope).resourceName(name);
    this.#rules.push(ruleName);
    const rule = new CloudwatchEventRule(scope, id, {
      name: ruleName,
      description,
      eventPattern: JSON.stringify({ source: [source], 'detail-type': [detailType], ...(detail && { detail }) }),
    });
    new CloudwatchEventTarget(scope, `${id}Target`, { rule: rule.name, targetId: 'topic', arn: this.arn });
  }

  /** How often a message was lost: by the topic, or on the way of an event to it. */
  get losses(): readonly Metric[] {
    return [
      metric('AWS/SNS', 'NumberOfNotificationsFailed', { TopicName: this.topicName }),
      ...this.#rules.map((rule) => metric('AWS/Events', 'FailedInvocations', { RuleName: rule })),
    ];
  }

  #limitPublishers(ownAccount: PolicyConditions): void {
    new SnsTopicPolicy(this, 'Policy', {
      arn: this.arn,
      policy: policyDocument([
        {
          sid: 'Publishers',
          principals: { Service: [...publishers, eventBridge] },
          actions: ['sns:Publish'],
          resources: [this.arn],
          conditions: ownAccount,
        },
        {
          sid: 'RefusePlainHttp',
          effect: 'Deny',
          principals: '*',
          actions: ['sns:Publish'],
          resources: [this.arn],
          conditions: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ]),
    });
  }
}

function metric(namespace: string, name: string, dimensions: Metric['dimensions']): Metric {
  return { namespace, name, dimensions, statistic: 'Sum' };
}
