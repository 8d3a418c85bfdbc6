import type { AlarmDefinition } from '../constructs/aws/alarm.ts';
import { combine, type Metric } from '../constructs/aws/metric.ts';
import type { EdgeOutputs } from '../stacks/edge-stack.ts';
import { refusedMetric, requestMetric, targetMetrics } from './edge-metrics.ts';

/** Where Route 53 measures, for all regions. */
const healthCheckRegion = 'us-east-1';

/**
 * Alarms that mean that users are not served. An alarm sees metrics of its own region alone: elsewhere than where Route 53 measures
 * the one on its health check would never fall silent.
 */
export function outageAlarms(edge: EdgeOutputs, region: string): readonly AlarmDefinition[] {
  return [
    {
      name: 'no-healthy-targets',
      summary: 'No pod of either colour takes requests.',
      severity: 'page',
      measure: combine('SUM', targetMetrics(edge, 'HealthyHostCount', 'Maximum')),
      limit: { below: 1 },
      ...{ periodSeconds: 60, periods: [3, 3], silence: 'trouble' },
    },
    ...(region === healthCheckRegion ? [endpointAlarm(edge)] : []),
  ];
}

function endpointAlarm({ publicName }: EdgeOutputs): AlarmDefinition {
  return {
    name: 'endpoint-unreachable',
    summary: 'Route 53 cannot reach the API from outside.',
    severity: 'page',
    measure: {
      namespace: 'AWS/Route53',
      name: 'HealthCheckStatus',
      dimensions: { HealthCheckId: publicName.healthCheckId },
      statistic: 'Minimum',
    },
    limit: { below: 1 },
    ...{ periodSeconds: 60, periods: [3, 3], silence: 'trouble' },
  };
}

/** The alarm on the canary: what a client would do does not work. */
export function canaryAlarm(measure: Metric): AlarmDefinition {
  return {
    name: 'canary-failed',
    summary: 'A client played by CloudWatch gets wrong answers, or none.',
    severity: 'page',
    measure,
    limit: { below: 90 },
    ...{ periodSeconds: 300, periods: [2, 3], silence: 'trouble' },
  };
}

/** Alarms on requests that fail. */
export function failureAlarms({ loadBalancer }: EdgeOutputs): readonly AlarmDefinition[] {
  const errors = requestMetric(loadBalancer, 'HTTPCode_Target_5XX_Count');
  const requests = requestMetric(loadBalancer, 'RequestCount');
  return [
    {
      name: 'load-balancer-errors',
      summary: 'The load balancer itself answers with errors: it gets no answer from any pod in time.',
      severity: 'page',
      measure: requestMetric(loadBalancer, 'HTTPCode_ELB_5XX_Count'),
      limit: { above: 10 },
      ...{ periodSeconds: 60, periods: [3, 5], silence: 'well' },
    },
    {
      name: 'target-errors',
      summary: 'More than 1 % of requests fail in the API.',
      severity: 'page',
      // One failure at night is no percentage.
      measure: { expression: 'IF(requests>100,100*FILL(errors,0)/requests,0)', metrics: { errors, requests } },
      limit: { above: 1 },
      ...{ periodSeconds: 300, periods: [2, 3], silence: 'well' },
    },
    {
      name: 'rejected-connections',
      summary: 'The load balancer has no connections left for new clients.',
      severity: 'page',
      measure: requestMetric(loadBalancer, 'RejectedConnectionCount'),
      limit: { above: 0 },
      ...{ periodSeconds: 60, periods: [2, 5], silence: 'well' },
    },
  ];
}

/** Alarms on requests that wait, or are refused. */
export function serviceAlarms(edge: EdgeOutputs, region: string): readonly AlarmDefinition[] {
  return [
    {
      name: 'slow-responses',
      summary: 'One request in twenty waits more than 3 seconds for its first byte.',
      severity: 'ticket',
      measure: requestMetric(edge.loadBalancer, 'TargetResponseTime', 'p95'),
      limit: { above: 3 },
      ...{ periodSeconds: 300, periods: [3, 3], silence: 'well' },
    },
    {
      name: 'refused-requests',
      summary: 'The firewall refuses more than 1,000 requests in 5 minutes: an attack, or a rule that is wrong.',
      severity: 'ticket',
      measure: refusedMetric(edge, region),
      limit: { above: 1_000 },
      ...{ periodSeconds: 300, periods: [2, 3], silence: 'well' },
    },
  ];
}

/** Alarms on what stands behind the load balancer, and on its certificate. */
export function targetAlarms(edge: EdgeOutputs): readonly AlarmDefinition[] {
  return [
    {
      name: 'unhealthy-targets',
      summary: 'A pod that should take requests has failed its health checks for 10 minutes.',
      severity: 'ticket',
      measure: combine('MAX', targetMetrics(edge, 'UnHealthyHostCount', 'Maximum')),
      limit: { above: 0 },
      ...{ periodSeconds: 60, periods: [10, 10], silence: 'well' },
    },
    {
      name: 'target-connection-errors',
      summary: 'The load balancer cannot connect to pods.',
      severity: 'ticket',
      measure: combine('SUM', targetMetrics(edge, 'TargetConnectionErrorCount', 'Sum')),
      limit: { above: 10 },
      ...{ periodSeconds: 300, periods: [2, 3], silence: 'well' },
    },
    {
      name: 'certificate-expiry',
      summary: 'The certificate ends in less than 30 days, and AWS has not renewed it.',
      severity: 'ticket',
      measure: {
        namespace: 'AWS/CertificateManager',
        name: 'DaysToExpiry',
        dimensions: { CertificateArn: edge.certificate.arn },
        statistic: 'Minimum',
      },
      limit: { below: 30 },
      ...{ periodSeconds: 86_400, periods: [1, 1], silence: 'unchanged' },
    },
  ];
}
