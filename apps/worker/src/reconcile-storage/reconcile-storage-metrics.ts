import { Gauge, type Registry } from '@stowage/observability';

/** What a whole reconciliation found in its part of the store. */
export interface StoreContents {
  readonly storedBlobs: number;
  readonly storedBytes: number;
  readonly orphanedBytes: number;
}

/** The metrics the job sets beside those of every run, once it has been through its shard. */
export class ReconcileStorageMetrics {
  readonly #blobs: Gauge;
  readonly #bytes: Gauge;
  readonly #orphanedBytes: Gauge;

  constructor(registry: Registry) {
    const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
    this.#blobs = gauge('stowage_reconcile_storage_stored_blobs', 'Blobs the store listed at the last reconciliation.');
    this.#bytes = gauge(
      'stowage_reconcile_storage_stored_bytes',
      'Bytes of the blobs the store listed at the last reconciliation.',
    );
    this.#orphanedBytes = gauge(
      'stowage_reconcile_storage_orphaned_bytes',
      'Bytes without a row that the last reconciliation recorded for deletion.',
    );
  }

  set({ storedBlobs, storedBytes, orphanedBytes }: StoreContents): void {
    this.#blobs.set(storedBlobs);
    this.#bytes.set(storedBytes);
    this.#orphanedBytes.set(orphanedBytes);
  }
}
