import { LocalVersionedCache } from '@stowage/cache';
import { createMetricsRegistry } from '@stowage/observability';
import { captureLogs, type CapturedLogs } from '@stowage/observability/testing';
import { MemoryBlobStore } from '@stowage/storage/testing';
import { v4 as newBlobId, v7 as newId } from 'uuid';
import { BucketService } from '../src/buckets/bucket-service.ts';
import type { Bucket, BucketLimits } from '../src/buckets/bucket.ts';
import { bucketCodec } from '../src/buckets/cached-bucket.ts';
import { ApiEvents } from '../src/events/api-events.ts';
import type { Principal } from '../src/http/principal.ts';
import { objectCodec } from '../src/objects/cached-object.ts';
import { ListObjects } from '../src/objects/list-objects.ts';
import { ObjectPublisher } from '../src/objects/object-publisher.ts';
import { ObjectReader } from '../src/objects/object-reader.ts';
import { ObjectService } from '../src/objects/object-service.ts';
import { PutObject, type IncomingObject } from '../src/objects/put-object.ts';
import type { StoredObject } from '../src/objects/stored-object.ts';
import { givenPrincipal } from './given-principal.ts';
import { openStorageInMemory, type StorageInMemory } from './storage-in-memory.ts';

export const maxObjectBytes = 1_000_000;

/** The services of buckets and objects over stores in memory. */
export interface StorageServices {
  readonly stores: StorageInMemory;
  readonly blobs: MemoryBlobStore;
  readonly bucketCache: LocalVersionedCache<Bucket>;
  readonly objectCache: LocalVersionedCache<StoredObject>;
  readonly logs: CapturedLogs;
  readonly buckets: BucketService;
  readonly reader: ObjectReader;
  readonly putObject: PutObject;
  readonly objects: ObjectService;
  readonly listObjects: ListObjects;
}

export function givenStorageServices(stores: StorageInMemory = openStorageInMemory()): StorageServices {
  const blobs = new MemoryBlobStore();
  const logs = captureLogs();
  const events = new ApiEvents({ registry: createMetricsRegistry(), log: logs.logger });
  const bucketCache = new LocalVersionedCache<Bucket>({ prefix: 'bucket', codec: bucketCodec });
  const objectCache = new LocalVersionedCache<StoredObject>({ prefix: 'object', codec: objectCodec });
  const fence = { publish: (change: () => Promise<void>) => change() };
  const { objects } = stores;
  const buckets = new BucketService({ buckets: stores.buckets, cache: bucketCache, fence, events, newId });
  const reader = new ObjectReader({ buckets, objects, bucketCache, objectCache });
  const publisher = new ObjectPublisher(objectCache, fence);
  const putObject = new PutObject({
    ...{ buckets, reader, objects, blobs, publisher, events, newId, newBlobId },
    ...{ limits: { maxObjectBytes, pendingBlobMs: 3_600_000 }, now: Date.now },
  });
  return {
    ...{ stores, blobs, bucketCache, objectCache, logs, buckets, reader, putObject },
    objects: new ObjectService({ buckets, objects, blobs, publisher, events, newId }),
    listObjects: new ListObjects(buckets, objects),
  };
}

export async function givenBucketOf(
  { buckets }: StorageServices,
  owner: Principal = givenPrincipal(),
  limits: Partial<BucketLimits> & { readonly name?: string } = {},
): Promise<Bucket> {
  return buckets.createBucket(owner, { name: 'photos', retentionDays: 30, publicRead: false, ...limits });
}

/** An upload of a text, unless the test says otherwise. */
export function incoming(
  key: string,
  fields: Partial<IncomingObject> & { readonly content?: string } = {},
): IncomingObject {
  const { content = 'content', ...rest } = fields;
  return {
    ...{ bucketName: 'photos', key, contentType: 'text/plain', metadata: {}, condition: {}, expectedDigests: [] },
    signal: new AbortController().signal,
    async *open(): AsyncGenerator<Uint8Array> {
      if (content !== '') yield Buffer.from(content);
    },
    ...rest,
  };
}
