import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { LogGroup } from './log-group.ts';
import type { Metric } from './metric.ts';

export interface LineCountProps {
  /** Last part of the metric's name. */
  readonly name: string;
  readonly logGroup: LogGroup;
  /** Which lines, as CloudWatch filters JSON: `{ $.level = "error" }`. */
  readonly pattern: string;
}

/** Counts lines of a log as they arrive. */
export class LineCount extends Construct {
  readonly metric: Metric;

  constructor(scope: Construct, id: string, { name, logGroup, pattern }: LineCountProps) {
    super(scope, id);
    const namespace = 'Stowage/Logs';
    const metricName = BaseStack.of(this).resourceName(name);
    new CloudwatchLogMetricFilter(this, 'Resource', {
      name: metricName,
      logGroupName: logGroup.groupName,
      pattern,
      metricTransformation: { namespace, name: metricName, value: '1', defaultValue: '0', unit: 'Count' },
    });
    this.metric = { namespace, name: metricName, dimensions: {}, statistic: 'Sum' };
  }
}
