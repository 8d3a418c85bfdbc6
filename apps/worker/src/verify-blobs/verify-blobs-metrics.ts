import { Gauge, type Registry } from '@stowage/observability';
import { blobFaults } from './blob-fault.ts';
import type { RingState } from './verify-blobs-repository.ts';

/** Sets what `verify-blobs` tells of the blobs of its shard, beside what every run does. */
export function setVerifyBlobsMetrics(registry: Registry, state: RingState, now: Date): void {
  const { quarantined, longestUnverifiedSince = now } = state;
  const registers = [registry];
  const blobs = new Gauge({
    name: 'stowage_verify_blobs_quarantined_blobs',
    help: 'Blobs in quarantine, by what is wrong with them.',
    labelNames: ['fault'],
    registers,
  });
  for (const fault of blobFaults) blobs.set({ fault }, quarantined[fault]);
  new Gauge({
    name: 'stowage_verify_blobs_longest_unverified_seconds',
    help: 'How long ago the good blob was verified, or stored, that waits for the longest time.',
    registers,
  }).set((now.getTime() - longestUnverifiedSince.getTime()) / 1000);
}
