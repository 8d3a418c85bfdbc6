import { Gauge, type Registry } from '@stowage/observability';
import type { SlaReport } from './sla-report.ts';

/** Sets what `report-sla` tells of the month it reported, beside what every run does. */
export function setReportSlaMetrics(registry: Registry, { until, availability, data }: SlaReport): void {
  const set = (name: string, help: string, value: number): void =>
    new Gauge({ name: `stowage_report_sla_${name}`, help, registers: [registry] }).set(value);
  set('month_end_timestamp_seconds', 'When the last reported month ended.', until.getTime() / 1000);
  set('missing_minutes', 'Minutes of the last reported month in which nothing was measured.', data.missingMinutes);
  if (availability.ratio === undefined) return;
  set('availability_ratio', 'Share of the requests of the month not answered with 5xx.', availability.ratio);
}
