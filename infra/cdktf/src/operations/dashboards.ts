import type { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js';
import type { Chart, DashboardProps } from '../constructs/aws/dashboard.ts';
import { combine, type Metric } from '../constructs/aws/metric.ts';
import type { DataOutputs } from '../stacks/data-stack.ts';
import type { EdgeOutputs } from '../stacks/edge-stack.ts';
import { cacheMetrics } from './cache-alarms.ts';
import { databaseMetric } from './database-alarms.ts';
import { refusedMetric, requestMetric, targetMetrics } from './edge-metrics.ts';
import { natMetrics } from './platform-alarms.ts';

type Rows = DashboardProps['rows'];

/** How requests are served. */
export function edgeCharts(edge: EdgeOutputs, region: string): Rows {
  const { loadBalancer } = edge;
  const count = (name: string) => requestMetric(loadBalancer, name);
  const time = (percentile: 'p50' | 'p95' | 'p99') => requestMetric(loadBalancer, 'TargetResponseTime', percentile);
  const byColour = (name: string): Chart['lines'] => {
    const [blue, green] = targetMetrics(edge, name, 'Maximum');
    return blue === undefined || green === undefined ? {} : { blue, green };
  };
  return [
    [
      {
        title: 'Requests by status',
        lines: {
          '2xx': count('HTTPCode_Target_2XX_Count'),
          '3xx': count('HTTPCode_Target_3XX_Count'),
          '4xx': count('HTTPCode_Target_4XX_Count'),
          '5xx of the API': count('HTTPCode_Target_5XX_Count'),
          '5xx of the load balancer': count('HTTPCode_ELB_5XX_Count'),
        },
      },
      { title: 'Seconds to the first byte', lines: { p50: time('p50'), p95: time('p95'), p99: time('p99') } },
    ],
    [
      { title: 'Pods that take requests', lines: byColour('HealthyHostCount') },
      { title: 'Pods that fail their checks', lines: byColour('UnHealthyHostCount') },
      { title: 'Requests the firewall refused', lines: { refused: refusedMetric(edge, region) } },
    ],
    [
      { title: 'Bytes in and out', lines: { all: count('ProcessedBytes') } },
      { title: 'Connections', lines: { new: count('NewConnectionCount'), active: count('ActiveConnectionCount') } },
    ],
  ];
}

/** How PostgreSQL and Redis do. */
export function dataCharts({ database, cache }: DataOutputs): Rows {
  const servers = { primary: database.primary, ...(database.replica && { replica: database.replica }) };
  const each = (title: string, name: string): Chart => ({
    title,
    lines: Object.fromEntries(
      Object.entries(servers).map(([label, instance]) => [label, databaseMetric(instance, name)]),
    ),
  });
  const ofCache = (title: string, name: string): Chart => ({
    title,
    lines: { [name]: combine('MAX', cacheMetrics(cache, name, 'Maximum')) },
  });
  return [
    [
      each('Database: processors, %', 'CPUUtilization'),
      each('Database: free memory, bytes', 'FreeableMemory'),
      each('Database: free storage, bytes', 'FreeStorageSpace'),
    ],
    [
      each('Database: connections', 'DatabaseConnections'),
      each('Database: processor credits', 'CPUCreditBalance'),
      database.replica === undefined
        ? each('Database: seconds to write', 'WriteLatency')
        : { title: 'Replica: seconds behind', lines: { replica: databaseMetric(database.replica, 'ReplicaLag') } },
    ],
    [
      ofCache('Redis: thread, %', 'EngineCPUUtilization'),
      ofCache('Redis: memory, %', 'DatabaseMemoryUsagePercentage'),
      ofCache('Redis: evictions', 'Evictions'),
      ofCache('Redis: connections', 'CurrConnections'),
    ],
  ];
}

/** Names under which AWS bills what costs most. */
const billedServices = [
  'AmazonEC2',
  'AmazonEKS',
  'AmazonRDS',
  'AmazonElastiCache',
  'AmazonCloudWatch',
  'AmazonS3',
  'AmazonVPC',
  'AWSELB',
  'awswaf',
  'awskms',
];
/** Where AWS measures bills, for all regions. */
const billingRegion = 'us-east-1';

/** What it costs, and what makes it cost that. */
export function costCharts({ loadBalancer }: EdgeOutputs, gateways: readonly NatGateway[]): Rows {
  const charges = (dimensions: Metric['dimensions']): Metric => ({
    ...{ namespace: 'AWS/Billing', name: 'EstimatedCharges', statistic: 'Maximum' },
    dimensions: { ...dimensions, Currency: 'USD' },
  });
  const daily = { periodSeconds: 86_400, region: billingRegion };
  const byService = billedServices.map((service) => [service, charges({ ServiceName: service })] as const);
  const logBytes: Metric = { namespace: 'AWS/Logs', name: 'IncomingBytes', dimensions: {}, statistic: 'Sum' };
  return [
    [
      { title: 'USD this month', lines: { all: charges({}) }, ...daily },
      { title: 'USD this month, by service', lines: Object.fromEntries(byService), ...daily },
    ],
    [
      {
        title: 'Bytes through NAT gateways',
        lines: { out: combine('SUM', natMetrics(gateways, 'BytesOutToDestination')) },
      },
      { title: 'Bytes of logs', lines: { all: logBytes } },
      { title: 'Capacity units of the load balancer', lines: { used: requestMetric(loadBalancer, 'ConsumedLCUs') } },
    ],
  ];
}
