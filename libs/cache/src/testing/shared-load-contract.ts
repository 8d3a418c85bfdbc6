import { describe, expect, it } from '@jest/globals';
import type { Versioned, VersionedCache } from '../versioned-cache.ts';
import type { MemoryCacheEpoch } from './memory-cache-epoch.ts';
import { givenSlowLoad, settled } from './slow-load.ts';
import { at } from './versioned-entries.ts';

/** What callers share who ask for the same thing; part of `describeVersionedCacheContract`. */
export function describeSharedLoads(open: () => { cache: VersionedCache<string>; epoch: MemoryCacheEpoch }): void {
  describe('single flight', () => {
    it('loads once for all who ask meanwhile, and remembers', async () => {
      const { cache } = open();
      const slow = givenSlowLoad();
      const asked = [cache.getOrLoad('a', slow.load), cache.getOrLoad('a', slow.load)];
      await settled(cache);
      asked.push(cache.getOrLoad('a', slow.load));
      await settled(cache);
      slow.end(at(1));
      expect(await Promise.all(asked)).toEqual([at(1), at(1), at(1)]);
      expect(slow.begun()).toBe(1);
      await settled(cache);
      expect(await cache.getMany(['a'])).toEqual([at(1)]);
    });

    it('hands a failed load to all who waited for it, and keeps nothing of it', async () => {
      const { cache } = open();
      const gate = Promise.withResolvers<Versioned<string>>();
      const asked = [cache.getOrLoad('a', () => gate.promise), cache.getOrLoad('a', () => gate.promise)];
      const outcomes = Promise.allSettled(asked);
      await settled(cache);
      gate.reject(new TypeError('no such table'));
      expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(await cache.getOrLoad('a', async () => at(1))).toEqual(at(1));
    });

    it.each(['fill', 'publish'] as const)(
      '%s of a newer value: no later caller gets the older load',
      async (method) => {
        const { cache } = open();
        const slow = givenSlowLoad();
        const early = cache.getOrLoad('a', slow.load);
        await settled(cache);
        await cache[method]('a', at(2));
        const late = cache.getOrLoad('a', async () => at(2, 'loaded'));
        slow.end(at(1));
        expect(await early).toEqual(at(1));
        expect(await late).toEqual(at(2));
        await settled(cache);
        expect(await cache.getMany(['a'])).toEqual([at(2)]);
      },
    );

    it('blind, callers share a load that begins after all of them have asked', async () => {
      const { cache, epoch } = open();
      epoch.close();
      const first = givenSlowLoad();
      const second = givenSlowLoad();
      const early = cache.getOrLoad('a', first.load);
      await settled(cache);
      const late = [cache.getOrLoad('a', second.load), cache.getOrLoad('a', second.load)];
      await settled(cache);
      expect([first.begun(), second.begun()]).toEqual([1, 0]);
      first.end(at(1));
      second.end(at(2));
      expect(await Promise.all([early, ...late])).toEqual([at(1), at(2), at(2)]);
      expect(second.begun()).toBe(1);
    });
  });
}
