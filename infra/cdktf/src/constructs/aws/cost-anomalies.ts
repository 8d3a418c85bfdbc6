import { CeAnomalyMonitor } from '@cdktf/provider-aws/lib/ce-anomaly-monitor/index.js';
import { CeAnomalySubscription } from '@cdktf/provider-aws/lib/ce-anomaly-subscription/index.js';
import { CeCostAllocationTag } from '@cdktf/provider-aws/lib/ce-cost-allocation-tag/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { AlertTopic } from './alert-topic.ts';

export interface CostAnomaliesProps {
  readonly alerts: AlertTopic;
  /** What an anomaly must cost to be told of, in US dollars. */
  readonly fromUsd: number;
  /** Tags by which costs can be split. Only the account that pays can turn them on, a day after they were first used. @default none */
  readonly allocationTags?: readonly string[];
}

/** Tells when a service costs more than it used to. An account has one monitor of this kind. */
export class CostAnomalies extends Construct {
  constructor(scope: Construct, id: string, { alerts, fromUsd, allocationTags = [] }: CostAnomaliesProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const monitor = new CeAnomalyMonitor(this, 'Resource', {
      name: stack.resourceName('services'),
      monitorType: 'DIMENSIONAL',
      monitorDimension: 'SERVICE',
    });
    new CeAnomalySubscription(this, 'Subscription', {
      name: stack.resourceName('cost-anomalies'),
      // Cost Explorer publishes to a topic at once or not at all.
      frequency: 'IMMEDIATE',
      monitorArnList: [monitor.arn],
      subscriber: [{ type: 'SNS', address: alerts.arn }],
      thresholdExpression: {
        dimension: {
          key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
          matchOptions: ['GREATER_THAN_OR_EQUAL'],
          values: [String(fromUsd)],
        },
      },
    });
    for (const tagKey of allocationTags) new CeCostAllocationTag(this, `Tag-${tagKey}`, { tagKey, status: 'Active' });
  }
}
