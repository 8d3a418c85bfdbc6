import { v7 as newId } from 'uuid';
import type { BucketRepository, NewBucket } from '../src/buckets/bucket-repository.ts';
import type { Bucket } from '../src/buckets/bucket.ts';
import type { NewVersion, ObjectRepository, StoredVersion } from '../src/objects/object-repository.ts';

/** The repositories of buckets and objects over one store; what their contracts run on. */
export interface StorageRepositories extends AsyncDisposable {
  readonly buckets: BucketRepository;
  readonly objects: ObjectRepository;
  readonly givenAccount: () => Promise<GivenAccount>;
  /** A further user of the account. */
  readonly givenUser: (accountId: string) => Promise<string>;
  /** Does what the job does that collects pending blobs. */
  readonly giveUpBlob: (id: string) => Promise<void>;
}

export interface GivenAccount {
  readonly accountId: string;
  readonly userId: string;
}

export function newBucket(accountId: string, fields: Partial<NewBucket> = {}): NewBucket {
  const id = newId();
  return { id, accountId, name: `bucket-${id}`, retentionDays: 30, publicRead: false, ...fields };
}

export async function givenBucket(repositories: StorageRepositories): Promise<Bucket & { readonly userId: string }> {
  const { accountId, userId } = await repositories.givenAccount();
  return { ...(await repositories.buckets.insert(newBucket(accountId))), userId };
}

export const sha256 = 'ab'.repeat(32);

/** A version with bytes of its own, whose blob is not known yet. */
export function newVersion(
  bucket: { readonly id: string; readonly userId: string },
  key: string,
  fields: Partial<NewVersion> = {},
): NewVersion {
  return {
    ...{ bucketId: bucket.id, key, versionId: newId(), objectId: newId(), createdBy: bucket.userId },
    ...{ contentType: 'text/plain', contentDisposition: undefined, cacheControl: undefined, metadata: {} },
    blob: { kind: 'new', id: newId(), sizeBytes: 7, sha256 },
    ...fields,
  };
}

/** Stores a version as an upload does: first its blob, then itself. */
export async function putNew(
  { objects }: StorageRepositories,
  version: NewVersion,
  condition: Parameters<ObjectRepository['putVersion']>[1] = {},
): Promise<StoredVersion> {
  await objects.insertPendingBlob(version.blob.id, new Date(Date.now() + 3_600_000));
  return objects.putVersion(version, condition);
}
