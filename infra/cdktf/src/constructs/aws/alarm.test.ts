import { describe, expect, it } from '@jest/globals';
import { givenStack, type GivenStack } from '../../../test/given-stack.ts';
import { Alarm, type AlarmDefinition } from './alarm.ts';
import { AlertTopic } from './alert-topic.ts';
import { CompositeAlarm } from './composite-alarm.ts';
import type { Metric } from './metric.ts';

const errors: Metric = { namespace: 'AWS/X', name: 'Errors', dimensions: { Id: 'x' }, statistic: 'Sum' };
const given: AlarmDefinition = {
  ...{ name: 'errors', summary: 'It fails.', severity: 'page', measure: errors, limit: { above: 5 } },
  ...{ periodSeconds: 60, periods: [3, 5], silence: 'well' },
};

function givenAlarm(change: Partial<AlarmDefinition> = {}) {
  return givenStack((stack) => alarmIn(stack, change)).at('given/Alarm').attributes;
}

function alarmIn(stack: GivenStack, change: Partial<AlarmDefinition> = {}): Alarm {
  const alerts = new AlertTopic(stack, 'Alerts', { name: 'alerts', emails: [] });
  return new Alarm(stack, 'Alarm', { alerts, definition: { ...given, ...change } });
}

describe('Alarm', () => {
  it('says what is wrong and where to read on, when it begins and when it ends', () => {
    const alarm = givenAlarm();
    expect(alarm).toMatchObject({
      ...{ alarm_name: 'stowage-dev-errors', actions_enabled: true },
      alarm_description: 'It fails. What to do: docs/runbooks/errors.md',
      ...{ namespace: 'AWS/X', metric_name: 'Errors', dimensions: { Id: 'x' }, statistic: 'Sum', period: 60 },
      ...{ comparison_operator: 'GreaterThanThreshold', threshold: 5 },
      ...{ datapoints_to_alarm: 3, evaluation_periods: 5 },
      tags: { Severity: 'page' },
    });
    expect(alarm.alarm_actions).toEqual([expect.stringContaining('aws_sns_topic.')]);
    expect(alarm.ok_actions).toEqual(alarm.alarm_actions);
  });

  it.each([
    ['well', 'notBreaching'],
    ['trouble', 'breaching'],
    ['unchanged', 'ignore'],
  ] as const)('takes silence as %s', (silence, treatment) => {
    expect(givenAlarm({ silence }).treat_missing_data).toBe(treatment);
  });

  it('goes off below a limit as well', () => {
    expect(givenAlarm({ limit: { below: 1 } })).toMatchObject({
      comparison_operator: 'LessThanThreshold',
      threshold: 1,
    });
  });

  it('knows percentiles', () => {
    const alarm = givenAlarm({ measure: { ...errors, statistic: 'p95' } });
    expect(alarm).toMatchObject({ extended_statistic: 'p95', evaluate_low_sample_count_percentiles: 'ignore' });
    expect(alarm).not.toHaveProperty('statistic');
  });

  it('computes with several metrics', () => {
    const alarm = givenAlarm({ measure: { expression: 'a/b', metrics: { a: errors, b: { ...errors, name: 'All' } } } });
    expect(alarm.metric_query).toMatchObject([
      { id: 'value', expression: 'a/b', return_data: true },
      { id: 'a', metric: { metric_name: 'Errors', stat: 'Sum', period: 60 } },
      { id: 'b', metric: { metric_name: 'All' } },
    ]);
    expect(alarm).not.toHaveProperty('metric_name');
  });

  it.each([
    [4, 3],
    [0, 3],
  ])('refuses to wait for %i of %i periods', (wrong, of) => {
    expect(() => givenAlarm({ periods: [wrong, of] })).toThrow(`waits for ${wrong} of ${of} periods`);
  });
});

describe('CompositeAlarm', () => {
  const props = { name: 'down', summary: 'It is down.', severity: 'page' } as const;

  it('goes off when one of its alarms does, and is made after them', () => {
    const graph = givenStack((stack) => {
      const alerts = new AlertTopic(stack, 'Others', { name: 'others', emails: [] });
      new CompositeAlarm(stack, 'Down', { ...props, alerts, anyOf: [alarmIn(stack)] });
    });
    expect(graph.at('given/Down').attributes).toMatchObject({
      ...{
        alarm_rule: 'ALARM("stowage-dev-errors")',
        alarm_description: 'It is down. What to do: docs/runbooks/down.md',
      },
      depends_on: [expect.stringContaining('aws_cloudwatch_metric_alarm.')],
    });
  });

  it('refuses to ask nobody', () => {
    const build = (stack: GivenStack) => {
      const alerts = new AlertTopic(stack, 'Alerts', { name: 'alerts', emails: [] });
      new CompositeAlarm(stack, 'Down', { ...props, alerts, anyOf: [] });
    };
    expect(() => givenStack(build)).toThrow('"down" asks no other alarm');
  });
});
