import type { Registry } from '@stowage/observability';
import { JobGauges } from '../job-gauges.ts';

/** What a whole reconciliation found in its part of the store. */
export interface StoreContents {
  readonly storedBlobs: number;
  readonly storedBytes: number;
  readonly orphanedBytes: number;
}

/** Sets what `reconcile-storage` tells of its shard, beside what every run does. */
export function setReconcileStorageMetrics(registry: Registry, contents: StoreContents): void {
  const gauges = new JobGauges(registry, 'reconcile-storage');
  gauges.set('stored_blobs', 'Blobs the store listed at the last reconciliation.', contents.storedBlobs);
  gauges.set('stored_bytes', 'Bytes of the blobs the store listed at the last reconciliation.', contents.storedBytes);
  gauges.set('orphaned_bytes', 'Bytes the last reconciliation recorded for deletion.', contents.orphanedBytes);
}
