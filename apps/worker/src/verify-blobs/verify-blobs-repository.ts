import type { Db } from '@stowage/db';
import type { Shard } from '../shard.ts';
import type { BlobFault } from './blob-fault.ts';
import type { RecordedContent } from './blob-inspector.ts';
import type { SettledVerdict, Verdict } from './verdict.ts';

/** A place in the ring of blobs, which begins with those in quarantine and goes on with those unverified for the longest time. */
export interface RingPosition {
  /** A time as the database writes it: more exact than a Date, and `-infinity` in quarantine. */
  readonly turn: string;
  readonly id: string;
}

/** A live blob whose turn has come. */
export interface DueBlob extends RecordedContent {
  readonly position: RingPosition;
}

export interface DueQuery {
  /** Blobs that were verified, or stored, at this time or later have another turn. */
  readonly before: Date;
  /** Undefined from the beginning. */
  readonly after: RingPosition | undefined;
  readonly limit: number;
}

export interface SettleOptions {
  /** Nothing is changed but what `record` does. */
  readonly dryRun: boolean;
  /** Called in the transaction of the change, after it; when it rejects nothing is changed. Called again when the transaction is repeated. */
  readonly record: (tx: Db, settled: readonly SettledVerdict[]) => Promise<void>;
}

/** The blobs of a shard as its metrics tell of them. */
export interface RingState {
  readonly quarantined: Readonly<Record<BlobFault, number>>;
  /** Undefined where no good blob is. */
  readonly longestUnverifiedSince: Date | undefined;
}

export interface VerifyBlobsRepository {
  /** The time of the database, which is the one that verdicts get. */
  readTime(): Promise<Date>;
  /**
   * In the order of the ring, those of all shards: a condition on the shard would have the database sort the whole ring for
   * each page.
   */
  listDue(query: DueQuery): Promise<readonly DueBlob[]>;
  /** How many of a shard are due, or the limit where that is less. */
  countDue(query: DueQuery & { readonly shard: Shard }): Promise<number>;
  /**
   * Puts verdicts into force, all or none: a good blob is verified now and leaves quarantine, a faulty one is in quarantine, and
   * stays live. Answers in the order of the verdicts.
   */
  settle(verdicts: readonly Verdict[], options: SettleOptions): Promise<readonly SettledVerdict[]>;
  readState(shard: Shard): Promise<RingState>;
}
