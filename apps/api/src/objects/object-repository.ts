import type { Bucket } from '../buckets/bucket.ts';
import type { ListedEntry, ObjectAttributes, StoredObject, WriteCondition } from './stored-object.ts';

/** An object, or its absence, as of a generation. */
export interface ObjectState {
  readonly generation: number;
  readonly object: StoredObject | undefined;
}

export interface NewVersion extends ObjectAttributes {
  readonly bucketId: string;
  readonly key: string;
  readonly versionId: string;
  /** The id of the object, should the key have none. */
  readonly objectId: string;
  readonly createdBy: string;
  readonly blob:
    | { readonly kind: 'new'; readonly id: string; readonly sizeBytes: number; readonly sha256: string }
    /** The bytes of another version: nothing is copied. */
    | { readonly kind: 'shared'; readonly id: string };
}

/** A committed change. */
export interface ChangedState extends ObjectState {
  /** The bucket's name at the commit: the one later requests use. */
  readonly bucketName: string;
}

export interface StoredVersion extends ChangedState {
  readonly object: StoredObject;
  /** Whether the key had no object before. */
  readonly created: boolean;
}

/** Part of a listing: keys from `from` on (inclusive) and before `until`, in byte order. */
export interface NamePage {
  readonly bucketId: string;
  readonly from: string;
  readonly until: string;
  readonly limit: number;
}

/** Part of a listing in the order of change; `after` is the last entry of the page before. */
export interface TimePage {
  readonly bucketId: string;
  readonly newestFirst: boolean;
  readonly after?: { readonly modifiedAt: Date; readonly key: string } | undefined;
  readonly limit: number;
}

/** The state that is to be deleted. */
export type DeleteCondition = Omit<WriteCondition, 'ifAbsent'>;

export interface ObjectRepository {
  /** The bucket and the object together, in one question. */
  findWithBucket(
    accountId: string,
    bucketName: string,
    key: string,
  ): Promise<{ bucket: Bucket | undefined; state: ObjectState }>;
  /** A version of the key that is still kept, current or not. */
  findVersion(bucketId: string, key: string, versionId: string): Promise<StoredObject | undefined>;
  /** Records that bytes will arrive under this id; a job collects them when no version refers to them by `deleteAfter`. */
  insertPendingBlob(id: string, deleteAfter: Date): Promise<void>;
  /** Forgets a blob whose bytes are not in the store and to which nothing refers. */
  deletePendingBlob(id: string): Promise<void>;
  /**
   * Makes the version current. All or nothing.
   * @throws BucketNotFoundError, PreconditionFailedError
   * @throws UploadExpiredError when the blob was given up meanwhile
   */
  putVersion(version: NewVersion, condition: WriteCondition): Promise<StoredVersion>;
  /** Undefined when the object was absent before. @throws BucketNotFoundError, PreconditionFailedError */
  delete(bucketId: string, key: string, condition: DeleteCondition): Promise<ChangedState | undefined>;
  listByName(page: NamePage): Promise<readonly StoredObject[]>;
  /** As listByName, with all keys that share a prefix up to the delimiter, one ASCII character behind `prefix`, as one entry. */
  listByPrefix(
    page: NamePage & { readonly prefix: string; readonly delimiter: string },
  ): Promise<readonly ListedEntry[]>;
  listByTime(page: TimePage): Promise<readonly StoredObject[]>;
}
