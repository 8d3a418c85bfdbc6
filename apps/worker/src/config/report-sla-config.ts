import { ConfigurationError } from '@stowage/settings';
import type { WorkerSettings } from './worker-config.ts';

/** What `report-sla` needs and no other job. */
export interface ReportSlaSettings {
  readonly prometheus: { readonly url: string; readonly job: string };
  readonly api: { readonly url: string; readonly bucket: string; readonly token: string };
}

/** @throws {ConfigurationError} naming every variable that is missing */
export function readReportSlaSettings(settings: WorkerSettings): ReportSlaSettings {
  const { PROMETHEUS_URL, SLA_REPORT_JOB, STOWAGE_API_URL, SLA_REPORT_BUCKET, SLA_REPORT_TOKEN } = settings;
  if (PROMETHEUS_URL && STOWAGE_API_URL && SLA_REPORT_BUCKET && SLA_REPORT_TOKEN) {
    return {
      prometheus: { url: PROMETHEUS_URL, job: SLA_REPORT_JOB },
      api: { url: STOWAGE_API_URL, bucket: SLA_REPORT_BUCKET, token: SLA_REPORT_TOKEN },
    };
  }
  const missing = Object.entries({ PROMETHEUS_URL, STOWAGE_API_URL, SLA_REPORT_BUCKET, SLA_REPORT_TOKEN })
    .filter(([, value]) => !value)
    .map(([name]) => `  ${name}: required by report-sla`);
  throw new ConfigurationError(`The configuration is wrong.\n${missing.join('\n')}`);
}
