import { Gauge, type Registry } from '@stowage/observability';
import { blobFaults } from './blob-fault.ts';
import type { RingState } from './verify-blobs-repository.ts';

/** The metrics the job sets beside those of every run, of the blobs of its shard. Made once they are known: until then they would say 0. */
export class VerifyBlobsMetrics {
  readonly #quarantined: Gauge<'fault'>;
  readonly #unverified: Gauge;

  constructor(registry: Registry) {
    this.#quarantined = new Gauge({
      name: 'stowage_verify_blobs_quarantined_blobs',
      help: 'Blobs in quarantine, by what is wrong with them.',
      labelNames: ['fault'],
      registers: [registry],
    });
    this.#unverified = new Gauge({
      name: 'stowage_verify_blobs_longest_unverified_seconds',
      help: 'How long ago the good blob was verified, or stored, that waits for the longest time.',
      registers: [registry],
    });
  }

  set({ quarantined, longestUnverifiedSince }: RingState, now: Date): void {
    for (const fault of blobFaults) this.#quarantined.set({ fault }, quarantined[fault]);
    const since = longestUnverifiedSince ?? now;
    this.#unverified.set((now.getTime() - since.getTime()) / 1000);
  }
}
