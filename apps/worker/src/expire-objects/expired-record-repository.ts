import type { Db } from '@stowage/db';
import type { Shard } from '../shard.ts';

/** What ends by itself at a time of its own. */
export const expiringKinds = ['idempotency-keys', 'sessions', 'access-tokens', 'invitations'] as const;

export type ExpiringKind = (typeof expiringKinds)[number];

export interface RecordBatch {
  readonly shard: Shard;
  /** What `removeSome` answered before, so that it does not look at the same rows again. @default from the beginning */
  readonly from: string | undefined;
  readonly limit: number;
}

export interface RecordRemoval {
  readonly removed: number;
  /** Where the next batch begins; undefined when none was removed. */
  readonly through: string | undefined;
}

export interface ExpiredRecordRepository {
  count(kind: ExpiringKind, shard: Shard): Promise<number>;
  /**
   * Removes some of those that have expired, longest first. `record` is called in the transaction that does, as its last
   * statement, with how many they were.
   */
  removeSome(
    kind: ExpiringKind,
    batch: RecordBatch,
    record: (tx: Db, removed: number) => Promise<void>,
  ): Promise<RecordRemoval>;
}
