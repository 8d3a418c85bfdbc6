import { buffer } from 'node:stream/consumers';
import type { BlobStore } from '@stowage/storage';
import type { BucketService } from '../buckets/bucket-service.ts';
import type { BucketLimits } from '../buckets/bucket.ts';
import type { ApiEvents } from '../events/api-events.ts';
import type { Principal } from '../http/principal.ts';
import { checkMediaType, sniffedBytes } from './media-type.ts';
import { ObjectNotFoundError, PreconditionFailedError } from './object-errors.ts';
import type { ObjectPublisher } from './object-publisher.ts';
import type { ObjectRepository, StoredVersion } from './object-repository.ts';
import { meets, type ObjectAttributes, type StoredObject, type WriteCondition } from './stored-object.ts';

export interface ObjectServiceOptions {
  readonly buckets: Pick<BucketService, 'getBucket'>;
  readonly objects: ObjectRepository;
  readonly blobs: Pick<BlobStore, 'get'>;
  readonly publisher: ObjectPublisher;
  readonly events: ApiEvents;
  readonly newId: () => string;
}

/** What to change; `null` takes an attribute away, `metadata` is replaced as a whole. */
export interface AttributesChange {
  readonly contentType?: string | undefined;
  readonly contentDisposition?: string | null | undefined;
  readonly cacheControl?: string | null | undefined;
  readonly metadata?: ObjectAttributes['metadata'] | undefined;
}

/** Each attempt but the last fails because another writer succeeded: far more than write one object at once. */
const mostAttempts = 100;

/** Changes objects without touching their bytes. */
export class ObjectService {
  readonly #options: ObjectServiceOptions;

  constructor(options: ObjectServiceOptions) {
    this.#options = options;
  }

  /**
   * Makes a new version that has the same bytes and the changed attributes.
   * @throws BucketNotFoundError, BucketForbiddenError, ObjectNotFoundError, PreconditionFailedError
   */
  async changeAttributes(
    principal: Principal,
    target: { bucketName: string; key: string; condition: WriteCondition },
    change: AttributesChange,
  ): Promise<StoredVersion> {
    const { buckets, objects, publisher } = this.#options;
    const bucket = await buckets.getBucket(principal, target.bucketName, 'writer');
    for (let attempt = 1; ; attempt += 1) {
      // Not from the cache: a change that is committed but not yet published would make this fail again and again.
      const { object } = (await objects.findWithBucket(bucket.accountId, bucket.name, target.key)).state;
      if (object === undefined) throw new ObjectNotFoundError();
      if (!meets(target.condition, object)) throw new PreconditionFailedError();
      if (change.contentType !== undefined) await this.#checkMediaType(change.contentType, object, bucket);
      try {
        const version = await objects.putVersion(this.#toVersion(principal, object, change), {
          ifMatch: [object.versionId],
        });
        await publisher.publish(bucket.accountId, target.key, version);
        return version;
      } catch (error) {
        // Somebody wrote in between: what was changed meanwhile must not be undone, so it starts over.
        if (!(error instanceof PreconditionFailedError) || attempt === mostAttempts) throw error;
      }
    }
  }

  /** Moves the object to the trash; deleting what is absent is fine. @throws BucketNotFoundError, BucketForbiddenError, PreconditionFailedError */
  async deleteObject(
    principal: Principal,
    target: { bucketName: string; key: string; condition: WriteCondition },
  ): Promise<void> {
    const { buckets, objects, publisher, events } = this.#options;
    const bucket = await buckets.getBucket(principal, target.bucketName, 'writer');
    const { ifAbsent = false, ...condition } = target.condition;
    if (ifAbsent) {
      // Deletes nothing either way: what is absent is gone, and what is there must not be.
      const { state } = await objects.findWithBucket(bucket.accountId, bucket.name, target.key);
      if (state.object !== undefined) throw new PreconditionFailedError();
      return;
    }
    const deleted = await objects.delete(bucket.id, target.key, condition);
    if (deleted === undefined) return;
    await publisher.publish(bucket.accountId, target.key, deleted);
    events.objectDeleted(principal);
  }

  async #checkMediaType(contentType: string, object: StoredObject, bucket: BucketLimits): Promise<void> {
    const range = { start: 0, end: sniffedBytes - 1 };
    const first =
      object.sizeBytes === 0 ? new Uint8Array() : await buffer(await this.#options.blobs.get(object.blobId, { range }));
    checkMediaType(contentType, first, bucket);
  }

  #toVersion(
    principal: Principal,
    object: StoredObject,
    change: AttributesChange,
  ): Parameters<ObjectRepository['putVersion']>[0] {
    const { bucketId, key, contentType, contentDisposition, cacheControl, metadata } = object;
    return {
      bucketId,
      key,
      contentType: change.contentType ?? contentType,
      contentDisposition:
        change.contentDisposition === undefined ? contentDisposition : (change.contentDisposition ?? undefined),
      cacheControl: change.cacheControl === undefined ? cacheControl : (change.cacheControl ?? undefined),
      metadata: change.metadata ?? metadata,
      versionId: this.#options.newId(),
      objectId: this.#options.newId(),
      createdBy: principal.userId,
      blob: { kind: 'shared', id: object.blobId },
    };
  }
}
