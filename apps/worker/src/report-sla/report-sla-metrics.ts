import type { Registry } from '@stowage/observability';
import { JobGauges } from '../job-gauges.ts';
import type { SlaReport } from './sla-report.ts';

/** Sets what `report-sla` tells of the month it reported, beside what every run does. */
export function setReportSlaMetrics(registry: Registry, { until, availability, data }: SlaReport): void {
  const gauges = new JobGauges(registry, 'report-sla');
  gauges.set('month_end_timestamp_seconds', 'When the last reported month ended.', until.getTime() / 1000);
  gauges.set(
    'missing_minutes',
    'Minutes of the last reported month in which nothing was measured.',
    data.missingMinutes,
  );
  if (availability.ratio === undefined) return;
  gauges.set('availability_ratio', 'Share of the requests of the month not answered with 5xx.', availability.ratio);
}
