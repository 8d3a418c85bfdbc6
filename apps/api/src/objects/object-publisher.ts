import type { VersionedCache } from '@stowage/cache';
import type { CacheFence } from '../cache-epoch/cache-fence.ts';
import { objectCacheKey } from './object-reader.ts';
import type { ChangedState } from './object-repository.ts';
import type { StoredObject } from './stored-object.ts';

/** Tells the cache of committed changes, so that every reader sees them once they are answered. */
export class ObjectPublisher {
  readonly #cache: VersionedCache<StoredObject>;
  readonly #fence: Pick<CacheFence, 'publish'>;

  constructor(cache: VersionedCache<StoredObject>, fence: Pick<CacheFence, 'publish'>) {
    this.#cache = cache;
    this.#fence = fence;
  }

  /** Returns when no reader can get an older state. */
  async publish(accountId: string, key: string, changed: ChangedState): Promise<void> {
    const cacheKey = objectCacheKey(accountId, changed.bucketName, key);
    await this.#fence.publish(() =>
      this.#cache.publish(cacheKey, { generation: changed.generation, value: changed.object }),
    );
  }
}
