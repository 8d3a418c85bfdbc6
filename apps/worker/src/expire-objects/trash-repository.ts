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

/** A deleted bucket that is to go. */
export interface DueBucket {
  readonly id: string;
}

export interface DueBucketPage {
  /** Only what comes after it. @default from the beginning */
  readonly after: DueBucket | undefined;
  readonly limit: number;
}

/** What retention has ended of. A shard has all versions of its objects; due are buckets deleted longer ago than they keep their trash. */
export interface TrashRepository {
  /** How many versions there are of both kinds below; undefined where that would take long to count. */
  countVersions(shard: Shard): Promise<number | undefined>;
  /** Versions that ended longer ago than their bucket keeps them, but for those of due buckets. */
  listExpired(page: VersionPage): Promise<readonly DueVersion[]>;
  /** All versions of due buckets, current ones too. */
  listOfDueBuckets(page: VersionPage): Promise<readonly DueVersion[]>;
  /**
   * Removes versions, with the objects that then have none, and makes garbage of the blobs that then have none. Versions that are in
   * neither list any more stay, as when the retention of their bucket was raised, and so do those of objects that are being written to.
   */
  removeVersions(ids: readonly string[], options: RemovalOptions): Promise<void>;
  countDueBuckets(shard: Shard): Promise<number>;
  /** By id. They belong to no shard: the one that finds a bucket empty removes it. */
  listDueBuckets(page: DueBucketPage): Promise<readonly DueBucket[]>;
  /**
   * Removes those of the due buckets that have no object left, with their grants and the access tokens made for them. `record` is called
   * in the transaction that does, as its last statement, with how many they were.
   */
  removeEmptyBuckets(ids: readonly string[], record: (tx: Db, buckets: number) => Promise<void>): Promise<void>;
}
