import type { Principal } from '../http/principal.ts';
import { BucketForbiddenError, BucketNotFoundError } from './bucket-errors.ts';
import type { Bucket, GrantRole } from './bucket.ts';

const rank: Record<GrantRole, number> = { reader: 0, writer: 1, manager: 2 };

/** What the caller may do in the bucket; undefined when it may not even know of it. */
export function roleIn(bucket: Bucket, principal: Principal): GrantRole | undefined {
  if (bucket.accountId !== principal.accountId) return undefined;
  if (principal.bucketId !== undefined && principal.bucketId !== bucket.id) return undefined;
  return principal.role === 'member' ? bucket.grants[principal.userId] : 'manager';
}

/**
 * The bucket, when the caller may do what `needed` stands for.
 * @throws BucketNotFoundError when the caller may not know that the bucket exists
 * @throws BucketForbiddenError when it may, but its grant is too low
 */
export function permit(bucket: Bucket | undefined, principal: Principal, needed: GrantRole): Bucket {
  const role = bucket === undefined ? undefined : roleIn(bucket, principal);
  if (bucket === undefined || role === undefined) throw new BucketNotFoundError();
  if (rank[role] < rank[needed]) throw new BucketForbiddenError(needed);
  return bucket;
}
