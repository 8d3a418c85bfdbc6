import { Gauge, type Registry } from '@stowage/observability';

/** What a whole reconciliation found in its part of the store. */
export interface StoreContents {
  readonly storedBlobs: number;
  readonly storedBytes: number;
  readonly orphanedBytes: number;
}

/** Sets what `reconcile-storage` tells of its shard, beside what every run does. */
export function setReconcileStorageMetrics(registry: Registry, contents: StoreContents): void {
  const set = (name: string, help: string, value: number): void =>
    new Gauge({ name: `stowage_reconcile_storage_${name}`, help, registers: [registry] }).set(value);
  set('stored_blobs', 'Blobs the store listed at the last reconciliation.', contents.storedBlobs);
  set('stored_bytes', 'Bytes of the blobs the store listed at the last reconciliation.', contents.storedBytes);
  set('orphaned_bytes', 'Bytes the last reconciliation recorded for deletion.', contents.orphanedBytes);
}
