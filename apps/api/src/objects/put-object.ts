import { BlobSizeMismatchError, type BlobStore } from '@stowage/storage';
import type { BucketService } from '../buckets/bucket-service.ts';
import type { Bucket } from '../buckets/bucket.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { ApiEvents } from '../events/api-events.ts';
import { ContentHasher, type ExpectedDigest } from '../http/content-digest.ts';
import type { Principal } from '../http/principal.ts';
import { checkMediaType, sniffedBytes } from './media-type.ts';
import {
  DigestMismatchError,
  ObjectTooLargeError,
  PreconditionFailedError,
  SizeMismatchError,
} from './object-errors.ts';
import type { ObjectPublisher } from './object-publisher.ts';
import type { ObjectReader } from './object-reader.ts';
import type { NewVersion, ObjectRepository, StoredVersion } from './object-repository.ts';
import { meets, type ObjectAttributes, type WriteCondition } from './stored-object.ts';

export interface PutObjectOptions {
  readonly buckets: Pick<BucketService, 'getBucket'>;
  readonly reader: ObjectReader;
  readonly objects: ObjectRepository;
  readonly blobs: BlobStore;
  readonly publisher: ObjectPublisher;
  readonly events: ApiEvents;
  readonly limits: { readonly maxObjectBytes: number; readonly pendingBlobMs: number };
  readonly now: () => number;
  readonly newId: () => string;
  /** Blob ids are random, so that a store that shards by key spreads them. */
  readonly newBlobId: () => string;
}

export interface IncomingObject extends ObjectAttributes {
  readonly bucketName: string;
  readonly key: string;
  readonly condition: WriteCondition;
  readonly expectedDigests: readonly ExpectedDigest[];
  /** From Content-Length, where there is one. */
  readonly sizeBytes?: number | undefined;
  /** Opens the body. Not called when the object is refused without it. */
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/** Stores an object: the row of the blob, its bytes, then the version. A crash in between leaves what a job collects. */
export class PutObject {
  readonly #options: PutObjectOptions;

  constructor(options: PutObjectOptions) {
    this.#options = options;
  }

  /** @throws what the bucket, its limits, the condition, the digest or the body refuse; then nothing is stored */
  async put(principal: Principal, incoming: IncomingObject): Promise<StoredVersion> {
    const bucket = await this.#options.buckets.getBucket(principal, incoming.bucketName, 'writer');
    const mostBytes = Math.min(bucket.maxObjectBytes ?? Infinity, this.#options.limits.maxObjectBytes);
    if ((incoming.sizeBytes ?? 0) > mostBytes) throw new ObjectTooLargeError(mostBytes);
    await this.#checkConditionEarly(bucket, incoming);
    const blobId = this.#options.newBlobId();
    const { now, limits, objects } = this.#options;
    await objects.insertPendingBlob(blobId, new Date(now() + limits.pendingBlobMs));
    const content = await this.#storeBytes(bucket, incoming, { blobId, mostBytes });
    const version = await this.#commit(
      incoming,
      this.#toVersion(principal, bucket, { ...incoming, blobId, ...content }),
    );
    await this.#options.publisher.publish(bucket.accountId, incoming.key, version);
    this.#options.events.objectStored(principal, version.object.sizeBytes);
    return version;
  }

  /** Spares a client the upload of what would be refused; the commit decides. */
  async #checkConditionEarly(bucket: Bucket, { condition, key }: IncomingObject): Promise<void> {
    const { ifAbsent, ifExists, ifMatch } = condition;
    if (ifAbsent !== true && ifExists !== true && ifMatch === undefined) return;
    const { object } = await this.#options.reader.find(bucket.accountId, bucket.name, key);
    if (!meets(condition, object)) throw new PreconditionFailedError();
  }

  async #storeBytes(
    bucket: Bucket,
    incoming: IncomingObject,
    { blobId, mostBytes }: { blobId: string; mostBytes: number },
  ): Promise<{ sizeBytes: number; sha256: string }> {
    const hasher = new ContentHasher(incoming.expectedDigests);
    const body = checkedBody(incoming, bucket, { hasher, mostBytes });
    const { sizeBytes, signal } = incoming;
    try {
      const stored = await this.#options.blobs.put(blobId, body, {
        signal,
        takesChunks: true,
        ...(sizeBytes !== undefined && { sizeBytes }),
      });
      const { sha256, mismatch } = hasher.finish();
      if (mismatch !== undefined) throw new DigestMismatchError(mismatch);
      return { sizeBytes: stored.sizeBytes, sha256 };
    } catch (error) {
      await this.#discard(blobId);
      if (error instanceof BlobSizeMismatchError) throw new SizeMismatchError({ cause: error });
      throw error;
    }
  }

  /** What is refused leaves nothing. Where the commit's answer is unknown the blob stays: it may be referred to. */
  async #commit(incoming: IncomingObject, version: NewVersion): Promise<StoredVersion> {
    try {
      return await this.#options.objects.putVersion(version, incoming.condition);
    } catch (error) {
      if (error instanceof DomainError) await this.#discard(version.blob.id);
      throw error;
    }
  }

  /** Best effort: a job collects what stays. */
  async #discard(blobId: string): Promise<void> {
    try {
      await this.#options.blobs.deleteMany([blobId]);
      await this.#options.objects.deletePendingBlob(blobId);
    } catch {
      // The row is still there with its deadline.
    }
  }

  #toVersion(
    principal: Principal,
    bucket: Bucket,
    stored: IncomingObject & { blobId: string; sizeBytes: number; sha256: string },
  ): NewVersion {
    const { key, contentType, contentDisposition, cacheControl, metadata, blobId, sizeBytes, sha256 } = stored;
    return {
      ...{ key, contentType, contentDisposition, cacheControl, metadata },
      bucketId: bucket.id,
      versionId: this.#options.newId(),
      objectId: this.#options.newId(),
      createdBy: principal.userId,
      blob: { kind: 'new', id: blobId, sizeBytes, sha256 },
    };
  }
}

/** The body, counted, hashed, and refused when its first bytes or its length are not what they may be. */
async function* checkedBody(
  { open, contentType }: IncomingObject,
  bucket: Bucket,
  { hasher, mostBytes }: { hasher: ContentHasher; mostBytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  let receivedBytes = 0;
  let first: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of open()) {
    receivedBytes += chunk.length;
    if (receivedBytes > mostBytes) throw new ObjectTooLargeError(mostBytes);
    hasher.update(chunk);
    if (first === undefined) {
      yield chunk;
    } else {
      first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
      if (first.length < sniffedBytes) continue;
      checkMediaType(contentType, first.subarray(0, sniffedBytes), bucket);
      yield first;
      first = undefined;
    }
  }
  if (first === undefined) return;
  checkMediaType(contentType, first, bucket);
  yield first;
}
