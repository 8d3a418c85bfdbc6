import type { Db } from '@stowage/db';
import type { BlobFault } from '../verify-blobs/blob-fault.ts';
import type {
  ReconcileStorageRepository,
  RecordedBlob,
  Repairs,
  RowsQuery,
  SettledRepairs,
  SettleRepairsOptions,
} from './reconcile-storage-repository.ts';

/** A row of `blobs`, as far as its reconciliation goes. */
export interface MemoryBlobRow extends Omit<RecordedBlob, 'isQuarantined'> {
  readonly fault?: BlobFault;
  readonly deleteAfter?: Date;
}

/** Keeps rows in memory. */
export class MemoryReconcileStorageRepository implements ReconcileStorageRepository {
  readonly rows = new Map<string, MemoryBlobRow>();
  readonly #tx: Db;

  /** `tx` is what `record` is called with. */
  constructor(tx: Db) {
    this.#tx = tx;
  }

  async listRows({ after, until, limit }: RowsQuery): Promise<readonly RecordedBlob[]> {
    const inRange = [...this.rows.values()].filter(({ id }) => id > after && id <= until);
    return inRange
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(({ id, state, sizeBytes, fault }) => ({ id, state, sizeBytes, isQuarantined: fault !== undefined }));
  }

  async findKnown(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(ids.filter((id) => this.rows.has(id)));
  }

  async settle(
    { orphans, losses }: Repairs,
    { dryRun, deleteAfter, record }: SettleRepairsOptions,
  ): Promise<SettledRepairs> {
    const settled = {
      orphans: orphans.filter(({ id }) => !this.rows.has(id)),
      losses: losses.map((verdict) => {
        const row = this.rows.get(verdict.id);
        return { ...verdict, wasLive: row?.state === 'live', wasQuarantined: row?.fault !== undefined };
      }),
    };
    await record(this.#tx, settled);
    if (dryRun) return settled;
    for (const { id, sizeBytes } of settled.orphans)
      this.rows.set(id, { id, sizeBytes, state: 'garbage', deleteAfter });
    for (const { id, fault, wasLive } of settled.losses) {
      const row = this.rows.get(id);
      if (wasLive && row !== undefined && fault !== undefined) this.rows.set(id, { ...row, fault });
    }
    return settled;
  }
}
