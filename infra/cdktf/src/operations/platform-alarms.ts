import type { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js';
import type { AlarmDefinition } from '../constructs/aws/alarm.ts';
import type { AlertTopic } from '../constructs/aws/alert-topic.ts';
import { combine, type Metric, type Statistic } from '../constructs/aws/metric.ts';
import type { NodeGroup } from '../constructs/aws/node-group.ts';

/** What EC2 measures of the machines of each group of nodes. */
function nodeMetrics(groups: readonly NodeGroup[], name: string, statistic: Statistic): readonly Metric[] {
  return groups.map(({ autoscalingGroupName }) => ({
    ...{ namespace: 'AWS/EC2', name, statistic },
    dimensions: { AutoScalingGroupName: autoscalingGroupName },
  }));
}

/** What each NAT gateway measures. */
export function natMetrics(gateways: readonly NatGateway[], name: string): readonly Metric[] {
  return gateways.map(({ id }) => ({
    ...{ namespace: 'AWS/NATGateway', name, statistic: 'Sum' },
    dimensions: { NatGatewayId: id },
  }));
}

/** Alarms on the machines of the cluster. */
export function nodeAlarms(groups: readonly NodeGroup[]): readonly AlarmDefinition[] {
  return [
    {
      name: 'node-status',
      summary: 'EC2 says that a node is broken, and EKS has not replaced it.',
      severity: 'ticket',
      measure: combine('MAX', nodeMetrics(groups, 'StatusCheckFailed', 'Maximum')),
      limit: { above: 0 },
      ...{ periodSeconds: 300, periods: [3, 3], silence: 'trouble' },
    },
    {
      name: 'node-cpu',
      summary: 'Nodes have used more than 85 % of their processors for 15 minutes.',
      severity: 'ticket',
      measure: combine('MAX', nodeMetrics(groups, 'CPUUtilization', 'Average')),
      limit: { above: 85 },
      ...{ periodSeconds: 300, periods: [3, 3], silence: 'trouble' },
    },
  ];
}

/** Alarms on the way out of the network. */
export function natAlarms(gateways: readonly NatGateway[]): readonly AlarmDefinition[] {
  return [
    {
      name: 'nat-port-errors',
      summary: 'A NAT gateway has no port left for new connections to some destination.',
      severity: 'ticket',
      measure: combine('SUM', natMetrics(gateways, 'ErrorPortAllocation')),
      limit: { above: 0 },
      ...{ periodSeconds: 300, periods: [1, 3], silence: 'well' },
    },
    {
      name: 'nat-dropped-packets',
      summary: 'NAT gateways drop packets.',
      severity: 'ticket',
      measure: combine('SUM', natMetrics(gateways, 'PacketsDropCount')),
      limit: { above: 100 },
      ...{ periodSeconds: 300, periods: [3, 3], silence: 'well' },
    },
  ];
}

/** The alarm on alarms. Where messages do not arrive it is seen in the console alone. */
export function deliveryAlarms({ losses }: AlertTopic): readonly AlarmDefinition[] {
  return [
    {
      name: 'undelivered-alerts',
      summary: 'Messages about alarms or events do not reach everybody they are for.',
      severity: 'ticket',
      measure: combine('SUM', losses),
      limit: { above: 0 },
      ...{ periodSeconds: 300, periods: [1, 1], silence: 'well' },
    },
  ];
}
