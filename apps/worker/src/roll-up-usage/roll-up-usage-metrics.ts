import { Gauge, type Registry } from '@stowage/observability';
import { endOfDay, type UsageDay } from './usage-day.ts';
import type { Usage } from './usage-repository.ts';

/** What was stored when the latest measured day ended. */
export function setUsage(registry: Registry, day: UsageDay, usage: Usage): void {
  const registers = [registry];
  const versions = new Gauge({
    name: 'stowage_roll_up_usage_versions',
    help: 'Versions stored at the end of the latest measured day, by whether they are current or in the trash.',
    labelNames: ['kind'],
    registers,
  });
  versions.set({ kind: 'current' }, usage.currentObjects);
  versions.set({ kind: 'trash' }, usage.trashVersions);
  const bytes = new Gauge({
    name: 'stowage_roll_up_usage_bytes',
    help: 'Bytes of the versions stored at the end of the latest measured day.',
    labelNames: ['kind'],
    registers,
  });
  bytes.set({ kind: 'current' }, usage.currentBytes);
  bytes.set({ kind: 'trash' }, usage.trashBytes);
  const measured = new Gauge({
    name: 'stowage_roll_up_usage_day_end_timestamp_seconds',
    help: 'When the latest measured day ended.',
    registers,
  });
  measured.set(endOfDay(day).getTime() / 1000);
}

/** How far the books are off; what was not checked has no value. */
export interface UsageDrift {
  /** Accounts whose usage is not that of their buckets together. */
  readonly accounts: number;
  /** Versions whose size is not that of their blob. */
  readonly versions: number | undefined;
}

export function setUsageDrift(registry: Registry, { accounts, versions }: UsageDrift): void {
  const registers = [registry];
  new Gauge({
    name: 'stowage_roll_up_usage_drifted_accounts',
    help: 'Accounts whose usage is not the sum of their buckets.',
    registers,
  }).set(accounts);
  if (versions === undefined) return;
  new Gauge({
    name: 'stowage_roll_up_usage_drifted_versions',
    help: 'Versions whose size is not that of their blob.',
    registers,
  }).set(versions);
}
