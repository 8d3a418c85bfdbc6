import type { Bucket, BucketLimits, GrantRole } from './bucket.ts';

export interface NewBucket extends BucketLimits {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
}

/** A field that is missing or undefined stays as it is; but a limit that is there and undefined is taken away. */
export interface BucketChange extends Pick<BucketLimits, 'maxObjectBytes' | 'contentTypes'> {
  readonly name?: string | undefined;
  readonly retentionDays?: number | undefined;
  readonly publicRead?: boolean | undefined;
}

/** Which of an account's buckets are seen: all of them, a member's granted ones, or a credential's only one. */
export interface BucketFilter {
  readonly accountId: string;
  readonly grantedTo?: string;
  readonly bucketId?: string;
}

export interface BucketRepository {
  /**
   * Stores the bucket, or answers it as it is when it is stored already.
   * @throws BucketNameTakenError
   * @throws BucketNotFoundError when it was stored and has been deleted
   */
  insert(bucket: NewBucket): Promise<Bucket>;
  findByName(accountId: string, name: string): Promise<Bucket | undefined>;
  /** Buckets by name in byte order, those behind `afterName` only. */
  list(filter: BucketFilter, page: { afterName: string; limit: number }): Promise<readonly Bucket[]>;
  /** Undefined when the bucket is gone. @throws BucketNameTakenError */
  update(id: string, change: BucketChange): Promise<Bucket | undefined>;
  /** The generation of its absence, or undefined when it was gone already. @throws BucketNotEmptyError unless `force` */
  delete(id: string, options: { force: boolean }): Promise<number | undefined>;
  /**
   * Gives a user of the bucket's account a role; undefined when the bucket or the user is gone.
   * @throws TooManyGrantsError
   */
  putGrant(id: string, userId: string, role: GrantRole): Promise<Bucket | undefined>;
  /** Undefined when there was no such grant. */
  deleteGrant(id: string, userId: string): Promise<Bucket | undefined>;
}
