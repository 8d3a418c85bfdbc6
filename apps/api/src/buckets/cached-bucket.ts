import type { ValueCodec } from '@stowage/cache';
import type { Bucket } from './bucket.ts';

/** A bucket as it is kept in the cache: JSON, with its date made one again. */
export const bucketCodec: ValueCodec<Bucket> = {
  encode: (bucket) => JSON.stringify(bucket),
  decode: (text) => {
    const bucket = JSON.parse(text) as Bucket;
    return { ...bucket, createdAt: new Date(bucket.createdAt) };
  },
};
