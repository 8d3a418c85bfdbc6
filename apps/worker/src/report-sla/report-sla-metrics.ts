import { Gauge, type Registry } from '@stowage/observability';
import type { SlaReport } from './sla-report.ts';

/** The figures of the last report. */
export function setSlaReport(registry: Registry, { until, availability, data }: SlaReport): void {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  gauge('stowage_sla_month_end_timestamp_seconds', 'When the last reported month ended.').set(until.getTime() / 1000);
  gauge('stowage_sla_missing_minutes', 'Minutes of the last reported month in which nothing was measured.').set(
    data.missingMinutes,
  );
  if (availability.ratio === undefined) return;
  gauge('stowage_sla_availability_ratio', 'Share of the requests of the month not answered with 5xx.').set(
    availability.ratio,
  );
}
