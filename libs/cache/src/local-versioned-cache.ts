import { monotonicClock } from './clock.ts';
import { LocalEntryStore } from './local-entry-store.ts';
import { DEFAULT_LONGEST_LOAD_MS, StoredVersionedCache } from './stored-versioned-cache.ts';
import { fixedEpoch } from './versioned-cache.ts';
import type { CacheEpoch, VersionedCacheOptions } from './versioned-cache.ts';

/** How to keep entries in this process. */
export interface LocalVersionedCacheOptions<V> extends VersionedCacheOptions<V> {
  /** At most this many; the least recently used leave first. @default 10000 */
  readonly maxEntries?: number;
  /** @default one that never changes, as nothing here is lost unnoticed */
  readonly epoch?: CacheEpoch;
}

const DEFAULT_MAX_ENTRIES = 10_000;

/** Entries in this process alone: for a service of one process, such as one on a developer's machine. */
export class LocalVersionedCache<V> extends StoredVersionedCache<V> {
  /** Throws RangeError when an option is out of its bounds. */
  constructor(options: LocalVersionedCacheOptions<V>) {
    const {
      maxEntries = DEFAULT_MAX_ENTRIES,
      longestLoadMs = DEFAULT_LONGEST_LOAD_MS,
      clock = monotonicClock,
    } = options;
    super(new LocalEntryStore({ maxEntries, longestLoadMs, clock }), options.epoch ?? fixedEpoch('local'), options);
  }
}
