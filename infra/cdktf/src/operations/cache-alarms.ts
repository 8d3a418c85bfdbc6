import type { AlarmDefinition } from '../constructs/aws/alarm.ts';
import { combine, type Metric, type Statistic } from '../constructs/aws/metric.ts';
import type { RedisCache } from '../constructs/aws/redis-cache.ts';

/** What ElastiCache measures of each node. */
export function cacheMetrics({ nodeIds }: RedisCache, name: string, statistic: Statistic): readonly Metric[] {
  return nodeIds.map((node) => ({
    ...{ namespace: 'AWS/ElastiCache', name, statistic },
    dimensions: { CacheClusterId: node },
  }));
}

/** Alarms on Redis. None of them pages: without Redis the service is slower, never wrong. */
export function cacheAlarms(cache: RedisCache): readonly AlarmDefinition[] {
  return [
    {
      name: 'cache-cpu',
      summary: 'Redis has used more than 80 % of its one thread for 15 minutes.',
      severity: 'ticket',
      measure: combine('MAX', cacheMetrics(cache, 'EngineCPUUtilization', 'Average')),
      limit: { above: 80 },
      ...{ periodSeconds: 300, periods: [3, 3], silence: 'trouble' },
    },
    {
      name: 'cache-memory',
      summary: 'Redis has used more than 95 % of its memory for an hour, so it forgets what is still wanted.',
      severity: 'ticket',
      measure: combine('MAX', cacheMetrics(cache, 'DatabaseMemoryUsagePercentage', 'Maximum')),
      limit: { above: 95 },
      ...{ periodSeconds: 300, periods: [12, 12], silence: 'unchanged' },
    },
    {
      name: 'cache-evictions',
      summary: 'Redis throws out more than 1,000 entries in 5 minutes.',
      severity: 'ticket',
      measure: combine('SUM', cacheMetrics(cache, 'Evictions', 'Sum')),
      limit: { above: 1_000 },
      ...{ periodSeconds: 300, periods: [3, 3], silence: 'well' },
    },
    {
      name: 'cache-refused-sign-ins',
      summary: 'Redis refuses a program that signs in: its role or its user has changed.',
      severity: 'ticket',
      measure: combine('SUM', cacheMetrics(cache, 'AuthenticationFailures', 'Sum')),
      limit: { above: 0 },
      ...{ periodSeconds: 300, periods: [2, 3], silence: 'well' },
    },
    ...(cache.nodeIds.length > 1 ? [replicationLag(cache)] : []),
  ];
}

function replicationLag(cache: RedisCache): AlarmDefinition {
  return {
    name: 'cache-replication-lag',
    summary: 'The standby of Redis is more than 10 seconds behind: a failover would lose that much.',
    severity: 'ticket',
    measure: combine('MAX', cacheMetrics(cache, 'ReplicationLag', 'Maximum')),
    limit: { above: 10 },
    ...{ periodSeconds: 60, periods: [5, 5], silence: 'unchanged' },
  };
}
