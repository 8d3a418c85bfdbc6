import type { AlarmDefinition } from '../constructs/aws/alarm.ts';
import type { Metric, Statistic } from '../constructs/aws/metric.ts';
import type { PostgresInstance } from '../constructs/aws/postgres-instance.ts';

const gibibyte = 1_024 ** 3;

/**
 * What a db.t3.small can take. Of its 2 GiB of memory RDS leaves about 1.7 to PostgreSQL, and sets `max_connections` to that
 * divided by 9,531,392: 189.
 */
const capacity = { connections: 189, leastCredits: 60, leastMemoryBytes: 150 * 1_024 ** 2 };

/** What RDS measures of an instance. */
export function databaseMetric(instance: PostgresInstance, name: string, statistic: Statistic = 'Average'): Metric {
  return { namespace: 'AWS/RDS', name, dimensions: { DBInstanceIdentifier: instance.identifier }, statistic };
}

/** Alarms on the primary. `storageGb` is what it starts with; it grows by itself. */
export function databaseAlarms(instance: PostgresInstance, storageGb: number): readonly AlarmDefinition[] {
  return [
    ...serverAlarms('database', 'The database', instance),
    {
      name: 'database-storage',
      summary: 'Less than a tenth of the storage of the database is free, so it has stopped growing by itself.',
      severity: 'page',
      measure: databaseMetric(instance, 'FreeStorageSpace', 'Minimum'),
      limit: { below: 0.1 * storageGb * gibibyte },
      ...{ periodSeconds: 300, periods: [3, 3], silence: 'unchanged' },
    },
    {
      name: 'database-connections',
      summary: 'Four fifths of the connections that the database can take are in use.',
      severity: 'ticket',
      measure: databaseMetric(instance, 'DatabaseConnections', 'Maximum'),
      limit: { above: Math.floor(0.8 * capacity.connections) },
      ...{ periodSeconds: 60, periods: [5, 5], silence: 'unchanged' },
    },
    {
      name: 'database-transaction-ids',
      summary: 'PostgreSQL uses up its transaction ids: vacuum does not keep up, and at 2,000 million writes stop.',
      severity: 'ticket',
      measure: databaseMetric(instance, 'MaximumUsedTransactionIDs', 'Maximum'),
      limit: { above: 1_000_000_000 },
      ...{ periodSeconds: 3_600, periods: [1, 1], silence: 'unchanged' },
    },
  ];
}

/** Alarms on the replica. */
export function replicaAlarms(instance: PostgresInstance): readonly AlarmDefinition[] {
  return [
    ...serverAlarms('replica', 'The read replica', instance),
    {
      name: 'replica-lag',
      summary: 'The read replica is more than 30 seconds behind.',
      severity: 'ticket',
      measure: databaseMetric(instance, 'ReplicaLag', 'Maximum'),
      limit: { above: 30 },
      ...{ periodSeconds: 60, periods: [5, 5], silence: 'trouble' },
    },
  ];
}

function serverAlarms(name: string, subject: string, instance: PostgresInstance): readonly AlarmDefinition[] {
  return [
    {
      name: `${name}-cpu`,
      summary: `${subject} has used more than 80 % of its processors for 15 minutes.`,
      severity: 'ticket',
      measure: databaseMetric(instance, 'CPUUtilization'),
      limit: { above: 80 },
      ...{ periodSeconds: 300, periods: [3, 3], silence: 'trouble' },
    },
    {
      name: `${name}-credits`,
      summary: `${subject} is running out of processor credits; then it costs more for every hour.`,
      severity: 'ticket',
      measure: databaseMetric(instance, 'CPUCreditBalance', 'Minimum'),
      limit: { below: capacity.leastCredits },
      ...{ periodSeconds: 300, periods: [3, 3], silence: 'unchanged' },
    },
    {
      name: `${name}-memory`,
      summary: `${subject} has less than 150 MiB of memory left.`,
      severity: 'ticket',
      measure: databaseMetric(instance, 'FreeableMemory', 'Minimum'),
      limit: { below: capacity.leastMemoryBytes },
      ...{ periodSeconds: 300, periods: [3, 3], silence: 'unchanged' },
    },
  ];
}
