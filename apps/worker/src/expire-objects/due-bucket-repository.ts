import type { Db } from '@stowage/db';
import type { Shard } from '../shard.ts';

export interface DueBucket {
  readonly id: string;
}

export interface DueBucketPage {
  /** Only what comes after it. @default from the beginning */
  readonly after: DueBucket | undefined;
  readonly limit: number;
}

/** Buckets that were deleted longer ago than they keep their trash. */
export interface DueBucketRepository {
  count(shard: Shard): Promise<number>;
  /** By id. Buckets belong to no shard: the one that finds a bucket empty removes it. */
  list(page: DueBucketPage): Promise<readonly DueBucket[]>;
  /**
   * Removes those that have no object left, with their grants and the access tokens made for them. `record` is called in the
   * transaction that does, as its last statement, with how many they were.
   */
  removeEmpty(ids: readonly string[], record: (tx: Db, buckets: number) => Promise<void>): Promise<void>;
}
