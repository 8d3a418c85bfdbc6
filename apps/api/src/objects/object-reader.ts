import type { VersionedCache } from '@stowage/cache';
import { bucketCacheKey, type BucketService } from '../buckets/bucket-service.ts';
import { permit } from '../buckets/bucket-policy.ts';
import type { Bucket } from '../buckets/bucket.ts';
import type { Principal } from '../http/principal.ts';
import { ObjectNotFoundError } from './object-errors.ts';
import type { ObjectRepository, ObjectState } from './object-repository.ts';
import type { StoredObject } from './stored-object.ts';

export interface ObjectReaderOptions {
  readonly buckets: Pick<BucketService, 'findBucket'>;
  readonly objects: ObjectRepository;
  readonly bucketCache: VersionedCache<Bucket>;
  readonly objectCache: VersionedCache<StoredObject>;
}

/** Where an object is kept in the cache: by the names requests use. */
export function objectCacheKey(accountId: string, bucketName: string, key: string): string {
  return `${accountId}/${bucketName}/${key}`;
}

/** Finds the metadata of objects: in the cache, or with one question to the database. */
export class ObjectReader {
  readonly #options: ObjectReaderOptions;

  constructor(options: ObjectReaderOptions) {
    this.#options = options;
  }

  /** @throws BucketNotFoundError, ObjectNotFoundError */
  async getObject(principal: Principal, bucketName: string, key: string): Promise<StoredObject> {
    const { bucket, object } = await this.find(principal.accountId, bucketName, key);
    permit(bucket, principal, 'reader');
    if (object === undefined) throw new ObjectNotFoundError();
    return object;
  }

  /** An object of a bucket that everybody may read. @throws ObjectNotFoundError also when the bucket is missing or private */
  async getPublicObject(accountId: string, bucketName: string, key: string): Promise<StoredObject> {
    const { bucket, object } = await this.find(accountId, bucketName, key);
    if (bucket?.publicRead !== true || object === undefined) throw new ObjectNotFoundError();
    return object;
  }

  /** A version by its id, current or not. @throws BucketNotFoundError, ObjectNotFoundError */
  async getVersion(
    principal: Principal,
    bucketName: string,
    id: { key: string; versionId: string },
  ): Promise<StoredObject> {
    const bucket = permit(await this.#options.buckets.findBucket(principal.accountId, bucketName), principal, 'reader');
    const version = await this.#options.objects.findVersion(bucket.id, id.key, id.versionId);
    if (version === undefined) throw new ObjectNotFoundError();
    return version;
  }

  /** The bucket and its object, whoever asks. */
  async find(
    accountId: string,
    bucketName: string,
    key: string,
  ): Promise<{ bucket: Bucket | undefined; object: StoredObject | undefined }> {
    const { bucketCache, objectCache, buckets } = this.#options;
    const cacheKey = objectCacheKey(accountId, bucketName, key);
    // Asked in the same turn: one round trip.
    const [[cachedBucket], [cachedObject]] = await Promise.all([
      bucketCache.getMany([bucketCacheKey(accountId, bucketName)]),
      objectCache.getMany([cacheKey]),
    ]);
    if (cachedObject !== undefined) {
      const bucket = cachedBucket === undefined ? await buckets.findBucket(accountId, bucketName) : cachedBucket.value;
      const object = cachedObject.value;
      if (bucket === undefined) return { bucket, object: undefined };
      if (object === undefined || object.bucketId === bucket.id) return { bucket, object };
      // What the cache has is of a deleted bucket of the same name.
      return this.#load(accountId, bucketName, key);
    }
    return this.#loadOnce(accountId, bucketName, { key, cacheKey, cachedBucket: cachedBucket?.value });
  }

  async #loadOnce(
    accountId: string,
    bucketName: string,
    { key, cacheKey, cachedBucket }: { key: string; cacheKey: string; cachedBucket: Bucket | undefined },
  ): Promise<{ bucket: Bucket | undefined; object: StoredObject | undefined }> {
    let loaded: { bucket: Bucket | undefined } | undefined;
    const entry = await this.#options.objectCache.getOrLoad(cacheKey, async () => {
      const { bucket, state } = await this.#loadBoth(accountId, bucketName, key);
      loaded = { bucket };
      return { generation: state.generation, value: state.object };
    });
    const bucket = loaded?.bucket ?? cachedBucket ?? (await this.#options.buckets.findBucket(accountId, bucketName));
    if (entry.value !== undefined && entry.value.bucketId !== bucket?.id) return this.#load(accountId, bucketName, key);
    return { bucket, object: entry.value };
  }

  async #load(
    accountId: string,
    bucketName: string,
    key: string,
  ): Promise<{ bucket: Bucket | undefined; object: StoredObject | undefined }> {
    const { bucket, state } = await this.#loadBoth(accountId, bucketName, key);
    return { bucket, object: state.object };
  }

  async #loadBoth(
    accountId: string,
    bucketName: string,
    key: string,
  ): Promise<{ bucket: Bucket | undefined; state: ObjectState }> {
    const { bucketCache, objects } = this.#options;
    const mark = bucketCache.beginLoad();
    const found = await objects.findWithBucket(accountId, bucketName, key);
    const entry = { generation: found.bucket?.generation ?? 0, value: found.bucket };
    void bucketCache.fill(bucketCacheKey(accountId, bucketName), entry, mark);
    return found;
  }
}
