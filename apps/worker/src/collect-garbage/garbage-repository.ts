import type { Db } from '@stowage/db';
import type { Shard } from '../shard.ts';

/** A blob that is to go. */
export interface DueBlob {
  /** Its key in the store. */
  readonly id: string;
  /** 0 where it is not known. */
  readonly sizeBytes: number;
  /** Where it stands in the list; for the repository alone. */
  readonly place: string;
  /** Whether a version refers to it, which must not be. */
  readonly referenced: boolean;
}

export interface BlobPage {
  readonly shard: Shard;
  /** Only what comes after it. @default from the beginning */
  readonly after: DueBlob | undefined;
  readonly limit: number;
}

export interface Removal {
  readonly blobs: number;
  readonly bytes: number;
}

/** Called in the transaction that has the effect, as its last statement. */
export type RecordRemoval = (tx: Db, removal: Removal) => Promise<void>;

/** The blobs that nothing refers to, or soon will not. */
export interface GarbageRepository {
  /** How many there are of both kinds below; undefined where that would take long to count. */
  count(shard: Shard): Promise<number | undefined>;
  /** Pending blobs past their deadline, longest first: nobody will finish them. */
  listOverdue(page: BlobPage): Promise<readonly DueBlob[]>;
  /**
   * Makes pending blobs garbage, to be deleted after `graceMs`. Those that became live or are about to stay as they are.
   */
  giveUp(ids: readonly string[], graceMs: number, record: RecordRemoval): Promise<void>;
  /** Garbage past its grace, longest first. */
  listDue(page: BlobPage): Promise<readonly DueBlob[]>;
  /** Deletes the rows of garbage whose bytes are gone. */
  forget(ids: readonly string[], record: RecordRemoval): Promise<void>;
  /** How long the longest garbage that is left is past its grace, in seconds; 0 when none is. */
  backlogSeconds(shard: Shard): Promise<number>;
}
