import { randomUUID } from 'node:crypto';
import type { VersionedCache } from '@stowage/cache';
import type { BlobStore } from '@stowage/storage';
import { v7 as newId } from 'uuid';
import type { BucketService } from './buckets/bucket-service.ts';
import type { Bucket } from './buckets/bucket.ts';
import type { CacheFence } from './cache-epoch/cache-fence.ts';
import type { CacheStore } from './compose-stores.ts';
import type { ApiSettings } from './config/api-config.ts';
import type { ApiEvents } from './events/api-events.ts';
import type { Route } from './http/route.ts';
import { objectCodec } from './objects/cached-object.ts';
import { ListObjects } from './objects/list-objects.ts';
import { objectListRoutes } from './objects/object-list-routes.ts';
import { ObjectPublisher } from './objects/object-publisher.ts';
import { ObjectReader } from './objects/object-reader.ts';
import type { ObjectRepository } from './objects/object-repository.ts';
import { objectRoutes } from './objects/object-routes.ts';
import { ObjectService } from './objects/object-service.ts';
import { PutObject } from './objects/put-object.ts';
import { SendObject } from './objects/send-object.ts';

export interface ComposeObjectsOptions {
  readonly settings: ApiSettings;
  readonly blobs: BlobStore;
  readonly objects: ObjectRepository;
  readonly buckets: BucketService;
  readonly bucketCache: VersionedCache<Bucket>;
  readonly cache: CacheStore;
  readonly fence: CacheFence;
  readonly events: ApiEvents;
}

export function composeObjects(options: ComposeObjectsOptions): readonly Route[] {
  const { settings, blobs, objects, buckets, bucketCache, events } = options;
  const objectCache = options.cache.versionedCache({
    prefix: 'object-1',
    codec: objectCodec,
    absentLifetimeMs: 10_000,
  });
  const reader = new ObjectReader({ buckets, objects, bucketCache, objectCache });
  const publisher = new ObjectPublisher(objectCache, options.fence);
  const putObject = new PutObject({
    ...{ buckets, reader, objects, blobs, publisher, events, newId },
    limits: { maxObjectBytes: settings.MAX_OBJECT_BYTES, pendingBlobMs: settings.PENDING_BLOB_HOURS * 3_600_000 },
    now: Date.now,
    newBlobId: randomUUID,
  });
  const service = new ObjectService({ buckets, objects, blobs, publisher, events, newId });
  const sendObject = new SendObject({ blobs, redirectFromBytes: settings.REDIRECT_DOWNLOADS_FROM_BYTES });
  return [
    ...objectRoutes({ service, reader, putObject, sendObject }),
    ...objectListRoutes(new ListObjects(buckets, objects)),
  ];
}
