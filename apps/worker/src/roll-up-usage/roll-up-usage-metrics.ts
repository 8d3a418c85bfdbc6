import type { Registry } from '@stowage/observability';
import { JobGauges, type LabelledValues } from '../job-gauges.ts';
import { endOfDay, type UsageDay } from './usage-day.ts';
import type { Usage } from './usage-repository.ts';

const job = 'roll-up-usage';

/** What was stored when the latest measured day ended. */
export function setUsage(registry: Registry, day: UsageDay, usage: Usage): void {
  const gauges = new JobGauges(registry, job);
  const byKind = (current: number, trash: number): LabelledValues => ({ label: 'kind', values: { current, trash } });
  const versions = byKind(usage.currentObjects, usage.trashVersions);
  gauges.set('versions', 'Versions stored at the end of the latest measured day.', versions);
  const bytes = byKind(usage.currentBytes, usage.trashBytes);
  gauges.set('bytes', 'Bytes of the versions stored at the end of the latest measured day.', bytes);
  gauges.set('day_end_timestamp_seconds', 'When the latest measured day ended.', endOfDay(day).getTime() / 1000);
}

/** How far the books are off; what was not checked has no value. */
export interface UsageDrift {
  /** Accounts whose usage is not that of their buckets together. */
  readonly accounts: number;
  /** Versions whose size is not that of their blob. */
  readonly versions: number | undefined;
}

export function setUsageDrift(registry: Registry, { accounts, versions }: UsageDrift): void {
  const gauges = new JobGauges(registry, job);
  gauges.set('drifted_accounts', 'Accounts whose usage is not the sum of their buckets.', accounts);
  if (versions === undefined) return;
  gauges.set('drifted_versions', 'Versions whose size is not that of their blob.', versions);
}
