import { monotonicClock } from './clock.ts';
import type { RedisCommands } from './redis-connection.ts';
import { RedisEntryStore } from './redis-entry-store.ts';
import { DEFAULT_LONGEST_LOAD_MS, StoredVersionedCache } from './stored-versioned-cache.ts';
import type { CacheEpoch, VersionedCacheOptions } from './versioned-cache.ts';

/** How to keep entries in Redis. */
export interface RedisVersionedCacheOptions<V> extends VersionedCacheOptions<V> {
  /** Usually a RedisClient. */
  readonly client: RedisCommands;
  /** The part of the key space to use. Keys are `prefix:epoch:key`. */
  readonly epoch: CacheEpoch;
}

/** Entries in Redis, for all processes. Redis should evict by `allkeys-lru`, which takes what was just published last. */
export class RedisVersionedCache<V> extends StoredVersionedCache<V> {
  /** Throws RangeError when an option is out of its bounds. */
  constructor(options: RedisVersionedCacheOptions<V>) {
    const { client, longestLoadMs = DEFAULT_LONGEST_LOAD_MS, clock = monotonicClock } = options;
    const store = new RedisEntryStore(client, longestLoadMs, clock);
    super(store, options.epoch, options);
  }
}
