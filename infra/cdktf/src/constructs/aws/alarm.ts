import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { AlertTopic } from './alert-topic.ts';
import { isFormula, type Measure, type Metric } from './metric.ts';

/** `page`: somebody gets up. `ticket`: somebody looks at it on the next working day. */
export type Severity = 'page' | 'ticket';

/** When something is wrong. */
export interface AlarmDefinition {
  /** Last part of the name, and name of its page in docs/runbooks. */
  readonly name: string;
  /** What is wrong when it goes off: one sentence. */
  readonly summary: string;
  readonly severity: Severity;
  readonly measure: Measure;
  /** Wrong is what lies beyond this. */
  readonly limit: { readonly above: number } | { readonly below: number };
  readonly periodSeconds: 60 | 300 | 3_600 | 86_400;
  /** How many of the last periods must be wrong, such as 3 of 5. */
  readonly periods: readonly [wrong: number, of: number];
  /** What it means when nothing is measured. */
  readonly silence: 'well' | 'trouble' | 'unchanged';
}

export interface AlarmProps {
  readonly definition: AlarmDefinition;
  readonly alerts: AlertTopic;
}

const missingData = { well: 'notBreaching', trouble: 'breaching', unchanged: 'ignore' } as const;

/** Tells people when something begins to be wrong, and when it is over. */
export class Alarm extends Construct {
  readonly alarmName: string;
  readonly arn: string;
  readonly definition: AlarmDefinition;

  constructor(scope: Construct, id: string, { definition, alerts }: AlarmProps) {
    super(scope, id);
    const { name, summary, severity, limit, periods, silence } = definition;
    const [wrong, of] = periods;
    if (wrong < 1 || wrong > of) throw new Error(`The alarm "${name}" waits for ${wrong} of ${of} periods.`);
    this.definition = definition;
    this.alarmName = BaseStack.of(this).resourceName(name);
    const alarm = new CloudwatchMetricAlarm(this, 'Resource', {
      alarmName: this.alarmName,
      alarmDescription: describe(summary, name),
      ...measured(definition),
      comparisonOperator: 'above' in limit ? 'GreaterThanThreshold' : 'LessThanThreshold',
      threshold: 'above' in limit ? limit.above : limit.below,
      datapointsToAlarm: wrong,
      evaluationPeriods: of,
      treatMissingData: missingData[silence],
      actionsEnabled: true,
      alarmActions: [alerts.arn],
      okActions: [alerts.arn],
      tags: { Severity: severity },
    });
    this.arn = alarm.arn;
  }
}

/** What the message says: what is wrong, and where it is written what to do. */
export function describe(summary: string, runbook: string): string {
  return `${summary} What to do: docs/runbooks/${runbook}.md`;
}

function measured({ measure, periodSeconds }: AlarmDefinition): Partial<CloudwatchMetricAlarmConfig> {
  if (!isFormula(measure)) {
    const { namespace, name: metricName, dimensions, statistic } = measure;
    const isPercentile = statistic.startsWith('p');
    return {
      ...{ namespace, metricName, dimensions: { ...dimensions }, period: periodSeconds },
      ...(isPercentile ? { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: 'ignore' } : { statistic }),
    };
  }
  return {
    metricQuery: [
      { id: 'value', expression: measure.expression, label: 'value', returnData: true },
      ...Object.entries(measure.metrics).map(([id, metric]) => ({ id, metric: toQuery(metric, periodSeconds) })),
    ],
  };
}

function toQuery({ namespace, name, dimensions, statistic }: Metric, period: number) {
  return { namespace, metricName: name, dimensions: { ...dimensions }, period, stat: statistic };
}
