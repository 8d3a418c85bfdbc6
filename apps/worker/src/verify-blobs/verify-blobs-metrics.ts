import type { Registry } from '@stowage/observability';
import { JobGauges } from '../job-gauges.ts';
import type { RingState } from './verify-blobs-repository.ts';

/** Sets what `verify-blobs` tells of the blobs of its shard, beside what every run does. */
export function setVerifyBlobsMetrics(registry: Registry, state: RingState, now: Date): void {
  const { quarantined, longestUnverifiedSince = now } = state;
  const gauges = new JobGauges(registry, 'verify-blobs');
  const byFault = { label: 'fault', values: quarantined };
  gauges.set('quarantined_blobs', 'Blobs in quarantine, by what is wrong with them.', byFault);
  gauges.set(
    'longest_unverified_seconds',
    'How long ago the good blob was verified, or stored, that waits for the longest time.',
    (now.getTime() - longestUnverifiedSince.getTime()) / 1000,
  );
}
