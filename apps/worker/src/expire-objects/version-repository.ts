import type { Db } from '@stowage/db';
import type { Shard } from '../shard.ts';

/** A version that is to go. */
export interface DueVersion {
  readonly id: string;
  readonly bucketId: string;
  readonly sizeBytes: number;
  /** Where it stands in the list of its bucket; for the repository alone. */
  readonly place: string;
}

export interface VersionPage {
  readonly shard: Shard;
  /** Only what comes after it. @default from the beginning */
  readonly after: DueVersion | undefined;
  readonly limit: number;
}

export interface VersionRemoval {
  readonly versions: number;
  readonly versionBytes: number;
  /** Objects that have no version any more. */
  readonly objects: number;
  /** Blobs that no version refers to any more. */
  readonly garbageBlobs: number;
  readonly garbageBytes: number;
}

export interface RemovalOptions {
  /** From becoming garbage to being deleted. */
  readonly graceMs: number;
  /** Called in the transaction that has the effect, as its last statement. */
  readonly record: (tx: Db, removal: VersionRemoval) => Promise<void>;
}

/** Versions whose retention has ended. A shard has all versions of its objects. */
export interface VersionRepository {
  /** How many there are of both kinds below; undefined where that would take long to count. */
  count(shard: Shard): Promise<number | undefined>;
  /** Versions that ended longer ago than their bucket keeps them. */
  listExpired(page: VersionPage): Promise<readonly DueVersion[]>;
  /** All versions, current ones too, of buckets that were deleted longer ago than they keep their trash. */
  listOfDueBuckets(page: VersionPage): Promise<readonly DueVersion[]>;
  /**
   * Removes versions, with the objects that then have none, and makes garbage of the blobs that then have none. Versions that are
   * current stay unless their bucket is deleted, and so do those of objects that are being written to.
   */
  remove(ids: readonly string[], options: RemovalOptions): Promise<void>;
}
