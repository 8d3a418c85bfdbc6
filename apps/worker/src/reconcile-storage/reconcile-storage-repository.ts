import type { Db } from '@stowage/db';
import type { SettledVerdict, Verdict } from '../verify-blobs/verdict.ts';

/** What a row says of a blob. */
export interface RecordedBlob {
  readonly id: string;
  readonly state: 'pending' | 'live' | 'garbage';
  /** Undefined while the bytes arrive. */
  readonly sizeBytes: number | undefined;
  readonly isQuarantined: boolean;
}

export interface RowsQuery {
  /** Rows behind this id. */
  readonly after: string;
  /** And up to this one. */
  readonly until: string;
  readonly limit: number;
}

/** Bytes that no row explains. */
export interface Orphan {
  readonly id: string;
  readonly sizeBytes: number;
}

/** What is to be done about a part of the keys. */
export interface Repairs {
  readonly orphans: readonly Orphan[];
  /** Live blobs whose bytes are not there, or not as many as recorded. */
  readonly losses: readonly Verdict[];
}

/** What was done. */
export interface SettledRepairs {
  /** Those that had no row until now. */
  readonly orphans: readonly Orphan[];
  readonly losses: readonly SettledVerdict[];
}

export interface SettleRepairsOptions {
  /** Nothing is changed but what `record` does. */
  readonly dryRun: boolean;
  /** When the bytes of orphans may be deleted. */
  readonly deleteAfter: Date;
  /** Called in the transaction of the change, after it; when it rejects nothing is changed. Called again when the transaction is repeated. */
  readonly record: (tx: Db, settled: SettledRepairs) => Promise<void>;
}

export interface ReconcileStorageRepository {
  /** In the order of ids. */
  listRows(query: RowsQuery): Promise<readonly RecordedBlob[]>;
  /** Which of these ids have a row, in any state. */
  findKnown(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** All or none: orphans get a row that says they are garbage, losses go into quarantine. */
  settle(repairs: Repairs, options: SettleRepairsOptions): Promise<SettledRepairs>;
}
