import type { Versioned, VersionedCache } from '@stowage/cache';
import { bucketCacheKey, type BucketService } from '../buckets/bucket-service.ts';
import { permit } from '../buckets/bucket-policy.ts';
import { isBucketName, type Bucket } from '../buckets/bucket.ts';
import type { Principal } from '../http/principal.ts';
import { ObjectNotFoundError } from './object-errors.ts';
import type { ObjectRepository } from './object-repository.ts';
import type { StoredObject } from './stored-object.ts';

export interface ObjectReaderOptions {
  readonly buckets: Pick<BucketService, 'findBucket'>;
  readonly objects: ObjectRepository;
  readonly bucketCache: VersionedCache<Bucket>;
  readonly objectCache: VersionedCache<StoredObject>;
}

interface Found {
  readonly bucket: Bucket | undefined;
  readonly object: StoredObject | undefined;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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
    // In lower case, as the cache knows it; nothing else is an account.
    if (!uuid.test(accountId)) throw new ObjectNotFoundError();
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
  async find(accountId: string, bucketName: string, key: string): Promise<Found> {
    // Names that no bucket has must not reach the cache: with a slash in them they would be another object's key.
    if (!isBucketName(bucketName)) return { bucket: undefined, object: undefined };
    const { bucketCache, objectCache, buckets } = this.#options;
    const cacheKey = objectCacheKey(accountId, bucketName, key);
    let loaded: Found | undefined;
    // Asked in the same turn: one round trip.
    const cachedBuckets = bucketCache.getMany([bucketCacheKey(accountId, bucketName)]);
    const entry = await objectCache.getOrLoad(cacheKey, async () => {
      const [known] = await cachedBuckets; // answered first, as it was asked first
      const found = await this.#load(accountId, bucketName, { key, known });
      loaded = found;
      return { generation: found.generation, value: found.object };
    });
    const [cachedBucket] = await cachedBuckets;
    if (loaded !== undefined) return loaded;
    const bucket = cachedBucket === undefined ? await buckets.findBucket(accountId, bucketName) : cachedBucket.value;
    if (bucket === undefined) return { bucket, object: undefined };
    if (isOfBucket(entry, bucket)) return { bucket, object: entry.value };
    const mark = objectCache.beginLoad();
    const found = await this.#load(accountId, bucketName, { key, known: cachedBucket });
    void objectCache.fill(cacheKey, { generation: found.generation, value: found.object }, mark);
    return found;
  }

  /** Asks the database, and lets the cache of buckets know what it does not know yet. */
  async #load(
    accountId: string,
    bucketName: string,
    { key, known }: { key: string; known: Versioned<Bucket> | undefined },
  ): Promise<Found & { generation: number }> {
    const { bucketCache, objects } = this.#options;
    const mark = bucketCache.beginLoad();
    const { bucket, state } = await objects.findWithBucket(accountId, bucketName, key);
    const bucketGeneration = bucket?.generation ?? 0;
    if (known?.generation !== bucketGeneration) {
      const entry = { generation: bucketGeneration, value: bucket };
      void bucketCache.fill(bucketCacheKey(accountId, bucketName), entry, mark);
    }
    return { bucket, object: state.object, generation: Math.max(state.generation, bucketGeneration) };
  }
}

/**
 * Whether a cached entry, which is kept by the bucket's name, is of this bucket as it is now. An entry older than the
 * bucket's last change may be of another bucket that had the name, or of this one before it was called something else
 * for a while: what was written then was published under that other name.
 */
function isOfBucket({ generation, value }: Versioned<StoredObject>, bucket: Bucket): boolean {
  return generation >= bucket.generation && (value === undefined || value.bucketId === bucket.id);
}
