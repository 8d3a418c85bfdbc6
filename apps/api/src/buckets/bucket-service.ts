import type { VersionedCache } from '@stowage/cache';
import type { CacheFence } from '../cache-epoch/cache-fence.ts';
import type { ApiEvents } from '../events/api-events.ts';
import type { Principal } from '../http/principal.ts';
import { UserForbiddenError, UserNotFoundError } from '../users/user-errors.ts';
import { BucketNotFoundError, GrantNotFoundError } from './bucket-errors.ts';
import { permit } from './bucket-policy.ts';
import type { BucketChange, BucketRepository } from './bucket-repository.ts';
import { isBucketName, type Bucket, type BucketLimits, type GrantRole } from './bucket.ts';

export interface BucketServiceOptions {
  readonly buckets: BucketRepository;
  readonly cache: VersionedCache<Bucket>;
  readonly fence: Pick<CacheFence, 'publish'>;
  readonly events: ApiEvents;
  readonly newId: () => string;
}

/** Where a bucket is kept in the cache: by its name, as requests name it. */
export function bucketCacheKey(accountId: string, name: string): string {
  return `${accountId}/${name}`;
}

export class BucketService {
  readonly #options: BucketServiceOptions;

  constructor(options: BucketServiceOptions) {
    this.#options = options;
  }

  /** @throws BucketNameTakenError, UserForbiddenError for members and for credentials of one bucket */
  async createBucket(principal: Principal, input: { name: string } & BucketLimits): Promise<Bucket> {
    if (principal.role === 'member' || principal.bucketId !== undefined) throw new UserForbiddenError();
    const { buckets, newId, events } = this.#options;
    const bucket = await buckets.insert({ ...input, id: newId(), accountId: principal.accountId });
    await this.#publish(bucket);
    events.bucketCreated(principal);
    return bucket;
  }

  /** The bucket, when the caller may do in it what `needed` stands for. @throws BucketNotFoundError, BucketForbiddenError */
  async getBucket(principal: Principal, name: string, needed: GrantRole = 'reader'): Promise<Bucket> {
    return permit(await this.findBucket(principal.accountId, name), principal, needed);
  }

  /** The bucket whoever asks: for callers that ask the policy themselves. */
  async findBucket(accountId: string, name: string): Promise<Bucket | undefined> {
    if (!isBucketName(name)) return undefined; // could be what no database takes, such as NUL
    const { buckets, cache } = this.#options;
    const entry = await cache.getOrLoad(bucketCacheKey(accountId, name), async () => {
      const value = await buckets.findByName(accountId, name);
      return { generation: value?.generation ?? 0, value };
    });
    return entry.value;
  }

  /** A page of the buckets the caller may see, by name. */
  async listBuckets(principal: Principal, page: { afterName: string; limit: number }): Promise<readonly Bucket[]> {
    const filter = {
      accountId: principal.accountId,
      ...(principal.role === 'member' && { grantedTo: principal.userId }),
      ...(principal.bucketId !== undefined && { bucketId: principal.bucketId }),
    };
    return this.#options.buckets.list(filter, page);
  }

  /** @throws BucketNotFoundError, BucketForbiddenError, BucketNameTakenError */
  async changeBucket(principal: Principal, name: string, change: BucketChange): Promise<Bucket> {
    const bucket = await this.getBucket(principal, name, 'manager');
    const changed = await this.#options.buckets.update(bucket.id, change);
    if (changed === undefined) throw new BucketNotFoundError();
    if (changed.name !== bucket.name) await this.#publishAbsence(bucket, changed.generation);
    await this.#publish(changed);
    return changed;
  }

  /** Deletes the bucket; what it holds stays restorable by nobody and goes when a job collects it. @throws BucketNotEmptyError */
  async deleteBucket(principal: Principal, name: string, options: { force: boolean }): Promise<void> {
    const bucket = await this.getBucket(principal, name, 'manager');
    if (principal.role === 'member') throw new UserForbiddenError();
    const generation = await this.#options.buckets.delete(bucket.id, options);
    if (generation === undefined) throw new BucketNotFoundError();
    await this.#publishAbsence(bucket, generation);
    this.#options.events.bucketDeleted(principal);
  }

  /** @throws UserNotFoundError, TooManyGrantsError */
  async putGrant(principal: Principal, name: string, grant: { userId: string; role: GrantRole }): Promise<void> {
    const bucket = await this.getBucket(principal, name, 'manager');
    const changed = await this.#options.buckets.putGrant(bucket.id, grant.userId, grant.role);
    if (changed === undefined) throw new UserNotFoundError();
    await this.#publish(changed);
  }

  /** @throws GrantNotFoundError */
  async deleteGrant(principal: Principal, name: string, userId: string): Promise<void> {
    const bucket = await this.getBucket(principal, name, 'manager');
    const changed = await this.#options.buckets.deleteGrant(bucket.id, userId);
    if (changed === undefined) throw new GrantNotFoundError();
    await this.#publish(changed);
  }

  async #publish(bucket: Bucket): Promise<void> {
    const { cache, fence } = this.#options;
    const key = bucketCacheKey(bucket.accountId, bucket.name);
    await fence.publish(() => cache.publish(key, { generation: bucket.generation, value: bucket }));
  }

  async #publishAbsence(bucket: Bucket, generation: number): Promise<void> {
    const { cache, fence } = this.#options;
    const key = bucketCacheKey(bucket.accountId, bucket.name);
    await fence.publish(() => cache.publish(key, { generation, value: undefined }));
  }
}
