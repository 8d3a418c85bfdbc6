import { BucketNotFoundError } from '../buckets/bucket-errors.ts';
import type { Bucket } from '../buckets/bucket.ts';
import { PreconditionFailedError, UploadExpiredError } from './object-errors.ts';
import { compareKeys } from './object-key.ts';
import type {
  ChangedState,
  DeleteCondition,
  NamePage,
  NewVersion,
  ObjectRepository,
  ObjectState,
  StoredVersion,
  TimePage,
} from './object-repository.ts';
import { meets, type ListedEntry, type StoredObject, type WriteCondition } from './stored-object.ts';

/** The buckets that exist now. */
export interface BucketsInMemory {
  find(id: string): Bucket | undefined;
  findByName(accountId: string, name: string): Promise<Bucket | undefined>;
}

export interface MemoryObjectRepositoryOptions {
  readonly buckets: BucketsInMemory;
  /** Shared with the buckets, as both grow by one sequence. */
  readonly nextGeneration: () => number;
  readonly now?: () => Date;
}

type MemoryBlob =
  | { readonly state: 'pending'; readonly deleteAfter: Date }
  | { readonly state: 'live'; readonly sizeBytes: number; readonly sha256: string };

export class MemoryObjectRepository implements ObjectRepository {
  readonly #options: Required<MemoryObjectRepositoryOptions>;
  readonly #blobs = new Map<string, MemoryBlob>();
  /** By bucket id, then by key; what was deleted stays as an absence with its generation. */
  readonly #objects = new Map<string, Map<string, ObjectState>>();
  readonly #versions: StoredObject[] = [];

  constructor(options: MemoryObjectRepositoryOptions) {
    this.#options = { now: () => new Date(), ...options };
  }

  /** Blobs that no version refers to, with their deadlines. */
  get pendingBlobs(): ReadonlyMap<string, Date> {
    const pending = new Map<string, Date>();
    for (const [id, blob] of this.#blobs) if (blob.state === 'pending') pending.set(id, blob.deleteAfter);
    return pending;
  }

  /** Does what the job does that collects pending blobs. */
  giveUpBlob(id: string): void {
    if (this.#blobs.get(id)?.state === 'pending') this.#blobs.delete(id);
  }

  hasObjects(bucketId: string): boolean {
    return this.#current(bucketId).length > 0;
  }

  async findWithBucket(
    accountId: string,
    bucketName: string,
    key: string,
  ): Promise<{ bucket: Bucket | undefined; state: ObjectState }> {
    const bucket = await this.#options.buckets.findByName(accountId, bucketName);
    const state = bucket && this.#objects.get(bucket.id)?.get(key);
    return { bucket, state: state ?? { generation: 0, object: undefined } };
  }

  async findVersion(bucketId: string, key: string, versionId: string): Promise<StoredObject | undefined> {
    return this.#versions.find(
      (version) => version.versionId === versionId && version.bucketId === bucketId && version.key === key,
    );
  }

  async insertPendingBlob(id: string, deleteAfter: Date): Promise<void> {
    this.#blobs.set(id, { state: 'pending', deleteAfter });
  }

  async deletePendingBlob(id: string): Promise<void> {
    this.giveUpBlob(id);
  }

  async putVersion(version: NewVersion, condition: WriteCondition): Promise<StoredVersion> {
    const bucket = this.#getBucket(version.bucketId);
    const before = this.#objects.get(bucket.id)?.get(version.key)?.object;
    if (!meets(condition, before)) throw new PreconditionFailedError();
    const blob = this.#blobs.get(version.blob.id);
    if (blob === undefined) throw new UploadExpiredError();
    const bytes = blob.state === 'pending' ? version.blob : blob;
    if (!('sizeBytes' in bytes)) throw new Error('A shared blob is one that a version has already');
    const { sizeBytes, sha256 } = bytes;
    this.#blobs.set(version.blob.id, { state: 'live', sizeBytes, sha256 });
    const { bucketId, key, versionId, contentType, contentDisposition, cacheControl, metadata } = version;
    const object: StoredObject = {
      ...{ bucketId, key, versionId, contentType, contentDisposition, cacheControl, metadata, sizeBytes, sha256 },
      blobId: version.blob.id,
      modifiedAt: this.#options.now(),
    };
    this.#versions.push(object);
    return { ...this.#change(bucket, key, object), object, created: before === undefined };
  }

  async delete(bucketId: string, key: string, condition: DeleteCondition): Promise<ChangedState | undefined> {
    const bucket = this.#getBucket(bucketId);
    const before = this.#objects.get(bucketId)?.get(key)?.object;
    if (!meets(condition, before)) throw new PreconditionFailedError();
    return before === undefined ? undefined : this.#change(bucket, key, undefined);
  }

  async listByName({ bucketId, from, until, limit }: NamePage): Promise<readonly StoredObject[]> {
    return this.#current(bucketId)
      .filter(({ key }) => compareKeys(key, from) >= 0 && compareKeys(key, until) < 0)
      .sort((a, b) => compareKeys(a.key, b.key))
      .slice(0, limit);
  }

  async listByPrefix(
    page: NamePage & { readonly prefix: string; readonly delimiter: string },
  ): Promise<readonly ListedEntry[]> {
    const entries = new Map<string, ListedEntry>();
    for (const object of await this.listByName({ ...page, limit: Infinity })) {
      const at = object.key.indexOf(page.delimiter, page.prefix.length);
      const prefix = object.key.slice(0, at + 1);
      entries.set(at < 0 ? object.key : prefix, at < 0 ? { kind: 'object', object } : { kind: 'prefix', prefix });
    }
    return [...entries.values()].slice(0, page.limit);
  }

  async listByTime({ bucketId, newestFirst, after, limit }: TimePage): Promise<readonly StoredObject[]> {
    const direction = newestFirst ? -1 : 1;
    const compare = (a: Place, b: Place): number =>
      direction * (a.modifiedAt.getTime() - b.modifiedAt.getTime() || compareKeys(a.key, b.key));
    return this.#current(bucketId)
      .filter((object) => after === undefined || compare(object, after) > 0)
      .sort(compare)
      .slice(0, limit);
  }

  #getBucket(id: string): Bucket {
    const bucket = this.#options.buckets.find(id);
    if (bucket === undefined) throw new BucketNotFoundError();
    return bucket;
  }

  #current(bucketId: string): StoredObject[] {
    const states = [...(this.#objects.get(bucketId)?.values() ?? [])];
    return states.flatMap(({ object }) => (object === undefined ? [] : [object]));
  }

  #change(bucket: Bucket, key: string, object: StoredObject | undefined): ChangedState {
    const state = { generation: this.#options.nextGeneration(), object };
    const objects = this.#objects.get(bucket.id) ?? new Map<string, ObjectState>();
    this.#objects.set(bucket.id, objects.set(key, state));
    return { ...state, bucketName: bucket.name };
  }
}

type Place = Pick<StoredObject, 'modifiedAt' | 'key'>;
