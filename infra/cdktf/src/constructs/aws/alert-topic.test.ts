import { describe, expect, it } from '@jest/globals';
import { givenStack } from '../../../test/given-stack.ts';
import { blocksAt } from '../../policy/attributes.ts';
import { asPolicy } from '../../policy/resource-graph.ts';
import { AlertTopic } from './alert-topic.ts';
import type { Metric } from './metric.ts';

let losses: readonly Metric[] = [];
const graph = givenStack((stack) => {
  const alerts = new AlertTopic(stack, 'Alerts', { name: 'alerts', emails: ['a@example.com', 'b@example.com'] });
  const fire = { name: 'fire', description: 'It burns', source: 'aws.fire', detailType: 'Fire' };
  alerts.report(stack, 'Fire', { ...fire, detail: { state: ['BURNING'] } });
  ({ losses } = alerts);
});

describe('a topic', () => {
  it('has its own key, as alarms may not use that of AWS', () => {
    expect(graph.targetOf(graph.at('given/Alerts'), 'kms_master_key_id')?.path).toBe('given/Alerts/Key/Resource');
  });

  it('lets EventBridge use its key without saying for whom, as it cannot', () => {
    const policy = asPolicy(graph.at('given/Alerts/Key').attributes.policy);
    const ofEvents = blocksAt(policy, 'Statement').filter(({ Sid }) => Sid === 'Events');
    expect(ofEvents).toEqual([
      {
        ...{ Sid: 'Events', Effect: 'Allow', Principal: { Service: ['events.amazonaws.com'] } },
        ...{ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: ['*'] },
      },
    ]);
  });

  it('counts what it loses, and events that never reach it', () => {
    expect(losses.map(({ name, dimensions }) => [name, dimensions])).toEqual([
      ['NumberOfNotificationsFailed', { TopicName: 'stowage-dev-alerts' }],
      ['FailedInvocations', { RuleName: 'stowage-dev-fire' }],
    ]);
  });

  it('writes to each address', () => {
    const endpoints = graph.ofType('aws_sns_topic_subscription').map(({ attributes }) => attributes.endpoint);
    expect(endpoints).toEqual(['a@example.com', 'b@example.com']);
  });

  it('tells of events of AWS that match', () => {
    expect(JSON.parse(String(graph.at('given/Fire').attributes.event_pattern))).toEqual({
      ...{ source: ['aws.fire'], 'detail-type': ['Fire'], detail: { state: ['BURNING'] } },
    });
    expect(graph.targetOf(graph.at('given/FireTarget'), 'arn')?.path).toBe('given/Alerts/Resource');
  });
});
