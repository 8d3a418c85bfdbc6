import { describe, expect, it } from '@jest/globals';
import { givenStack } from '../../../test/given-stack.ts';
import { AlertTopic } from './alert-topic.ts';

const graph = givenStack((stack) => {
  const alerts = new AlertTopic(stack, 'Alerts', { name: 'alerts', emails: ['a@example.com', 'b@example.com'] });
  const fire = { name: 'fire', description: 'It burns', source: 'aws.fire', detailType: 'Fire' };
  alerts.report(stack, 'Fire', { ...fire, detail: { state: ['BURNING'] } });
});

describe('a topic', () => {
  it('has its own key, as alarms may not use that of AWS', () => {
    expect(graph.targetOf(graph.at('given/Alerts'), 'kms_master_key_id')?.path).toBe('given/Alerts/Key/Resource');
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
