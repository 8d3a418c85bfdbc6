import type { LoadBalancer } from '../constructs/aws/load-balancer.ts';
import type { Metric, Statistic } from '../constructs/aws/metric.ts';
import type { EdgeOutputs } from '../stacks/edge-stack.ts';

/** What a load balancer measures of all requests. */
export function requestMetric({ arnSuffix }: LoadBalancer, name: string, statistic: Statistic = 'Sum'): Metric {
  return { namespace: 'AWS/ApplicationELB', name, dimensions: { LoadBalancer: arnSuffix }, statistic };
}

/** What it measures of each colour: blue, then green. */
export function targetMetrics(
  { loadBalancer, targetGroups: { blue, green } }: Pick<EdgeOutputs, 'loadBalancer' | 'targetGroups'>,
  name: string,
  statistic: Statistic,
): readonly Metric[] {
  return [blue, green].map((target) => ({
    ...requestMetric(loadBalancer, name, statistic),
    dimensions: { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: target.arnSuffix },
  }));
}

/** Requests that the firewall refused, by whatever rule. */
export function refusedMetric({ webAcl }: Pick<EdgeOutputs, 'webAcl'>, region: string): Metric {
  const dimensions = { WebACL: webAcl.aclName, Region: region, Rule: 'ALL' };
  return { namespace: 'AWS/WAFV2', name: 'BlockedRequests', dimensions, statistic: 'Sum' };
}
