import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getTogether } from '../get-together.ts';
import type { Versioned, VersionedCache, VersionedCacheOptions } from '../versioned-cache.ts';
import { MemoryCacheEpoch } from './memory-cache-epoch.ts';
import { playReadAfterWriteRace } from './read-after-write-race.ts';
import { describeSharedLoads } from './shared-load-contract.ts';
import { givenSlowLoad, settled } from './slow-load.ts';
import type { TurnableClock } from './turnable-clock.ts';
import { absentAt, at } from './versioned-entries.ts';

/** One kind of cache, as the contract needs it. */
export interface VersionedCacheSubject {
  /** A cache over the same entries as every other of the subject; a different prefix keeps them apart. */
  cache(epoch: MemoryCacheEpoch, options: VersionedCacheOptions<string>): VersionedCache<string>;
  /** What its caches are handed as their clock. */
  readonly clock: TurnableClock;
  /** Lets the lifetimes of all entries pass. */
  expireAll(): Promise<void>;
  /** Whether two caches of the subject see each other's entries, as those of two processes do. */
  readonly isSharedBetweenProcesses: boolean;
}

/** What every VersionedCache promises. */
export function describeVersionedCacheContract(
  given: () => Promise<VersionedCacheSubject> | VersionedCacheSubject,
): void {
  let subject: VersionedCacheSubject;
  let epoch: MemoryCacheEpoch;
  let cache: VersionedCache<string>;
  const options = { prefix: 'things', lifetimeMs: 60_000, longestLoadMs: 1_000 };

  beforeEach(async () => {
    subject = await given();
    epoch = new MemoryCacheEpoch();
    cache = subject.cache(epoch, options);
  });
  const held = async (key = 'a'): Promise<Versioned<string> | undefined> => (await cache.getMany([key]))[0];

  describe('generations', () => {
    it('misses what was never there', async () => {
      expect(await cache.getMany(['a', 'b'])).toEqual([undefined, undefined]);
      expect(await cache.getMany([])).toEqual([]);
    });

    it('answers in the order of the keys, also when one is asked twice', async () => {
      await Promise.all([cache.fill('a', at(1)), cache.fill('b', at(2, 'ü "\n'))]);
      expect(await cache.getMany(['b', 'x', 'a', 'b'])).toEqual([at(2, 'ü "\n'), undefined, at(1), at(2, 'ü "\n')]);
    });

    it.each(['fill', 'publish'] as const)('%s: an older generation never replaces a newer one', async (method) => {
      await cache.publish('a', at(10));
      await cache[method]('a', at(9));
      expect(await held()).toEqual(at(10));
      await cache[method]('a', at(11));
      expect(await held()).toEqual(at(11));
    });

    it('of the same generation a publication replaces, a fill does not', async () => {
      await cache.fill('a', at(1, 'first'));
      await cache.fill('a', at(1, 'second'));
      expect(await held()).toEqual(at(1, 'first'));
      await cache.publish('a', at(1, 'third'));
      expect(await held()).toEqual(at(1, 'third'));
    });

    it('tells known absent from unknown, and keeps an older value from returning', async () => {
      await cache.publish('a', absentAt(5));
      await cache.fill('a', at(4));
      expect(await held()).toEqual(absentAt(5));
    });

    it('compares the largest safe integers exactly', async () => {
      await cache.publish('a', at(Number.MAX_SAFE_INTEGER - 1));
      await cache.fill('a', at(Number.MAX_SAFE_INTEGER - 2));
      expect(await held()).toEqual(at(Number.MAX_SAFE_INTEGER - 1));
      await cache.fill('a', at(Number.MAX_SAFE_INTEGER));
      expect(await held()).toEqual(at(Number.MAX_SAFE_INTEGER));
    });

    it.each([-1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])('refuses %d as a generation', async (generation) => {
      await expect(cache.publish('a', at(generation))).rejects.toBeInstanceOf(RangeError);
      await cache.fill('a', at(generation));
      expect(await held()).toBeUndefined();
    });

    it('forgets at the end of the lifetime', async () => {
      await cache.publish('a', at(1));
      await subject.expireAll();
      expect(await held()).toBeUndefined();
    });

    it('keeps prefixes apart and reads them together', async () => {
      const others = subject.cache(epoch, { ...options, prefix: 'others' });
      await Promise.all([cache.publish('a', at(1)), others.publish('a', at(2))]);
      expect(await getTogether([cache, 'a'], [others, 'a'], [others, 'b'])).toEqual([at(1), at(2), undefined]);
    });

    it('keeps no known absence from a load where that is switched off, but every published one', async () => {
      cache = subject.cache(epoch, { ...options, absentLifetimeMs: 0 });
      await cache.fill('a', absentAt(3));
      expect(await held()).toBeUndefined();
      await cache.publish('a', absentAt(3));
      expect(await held()).toEqual(absentAt(3));
    });
  });

  describe('codec', () => {
    it('uses the one it was given, and loads what that cannot read', async () => {
      const codec = {
        encode: (value: string): string => `<${value}>`,
        decode: (text: string): string => {
          if (text === '<broken>') throw new SyntaxError('broken');
          return text.slice(1, -1);
        },
      };
      cache = subject.cache(epoch, { ...options, codec });
      await Promise.all([cache.fill('a', at(1)), cache.fill('b', at(1, 'broken'))]);
      expect(await cache.getMany(['a', 'b'])).toEqual([at(1), undefined]);
      expect(await cache.getOrLoad('b', async () => at(2))).toEqual(at(2));
      await settled(cache);
      expect(await held('b')).toEqual(at(2));
    });
  });

  describe('epoch', () => {
    it('does nothing while it is closed, and says so only to who publishes', async () => {
      await cache.publish('a', at(1));
      epoch.close();
      expect(await held()).toBeUndefined();
      await cache.fill('b', at(1));
      await expect(cache.publish('a', at(2))).rejects.toMatchObject({
        name: 'CacheUnavailableError',
        reason: 'closed',
      });
      expect(await cache.getOrLoad('a', async () => at(3))).toEqual(at(3));
    });

    it('starts empty', async () => {
      await cache.publish('a', at(7));
      epoch.openNext();
      expect(await held()).toBeUndefined();
      await cache.fill('a', at(1));
      expect(await held()).toEqual(at(1));
    });

    it('new: a publication keeps older entries out and has the value loaded, as it may be outdated itself', async () => {
      epoch.openNext();
      await cache.publish('a', at(5));
      expect(await held()).toBeUndefined();
      await cache.fill('a', at(4));
      expect(await held()).toBeUndefined();
      await cache.fill('a', at(5));
      expect(await held()).toEqual(at(5));
      await cache.publish('a', at(5));
      expect(await cache.getOrLoad('a', async () => at(6))).toEqual(at(6));
    });

    it('not so new: a publication is read', async () => {
      epoch.openNext();
      await cache.publish('a', at(1));
      subject.clock.advance(options.longestLoadMs + 1);
      await cache.publish('b', at(1));
      expect(await cache.getMany(['a', 'b'])).toEqual([undefined, at(1)]);
    });

    it('drops what was loaded under an earlier one', async () => {
      const mark = cache.beginLoad();
      const slow = givenSlowLoad();
      const loaded = cache.getOrLoad('a', slow.load);
      await settled(cache);
      epoch.openNext();
      slow.end(at(1));
      expect(await loaded).toEqual(at(1));
      await cache.fill('b', at(1), mark);
      await settled(cache);
      expect(await cache.getMany(['a', 'b'])).toEqual([undefined, undefined]);
    });

    it('drops what was loaded while it was closed', async () => {
      epoch.close();
      const mark = cache.beginLoad();
      epoch.openNext();
      await cache.fill('a', at(1), mark);
      expect(await held()).toBeUndefined();
    });
  });

  describeSharedLoads(() => ({ cache, epoch }));

  describe('races', () => {
    const keys = ['a', 'b', 'c', 'd'];
    let changing: NodeJS.Timeout | undefined;
    afterEach(() => clearInterval(changing));

    it('reads what was acknowledged, or newer', async () => {
      const caches = [
        cache,
        ...(subject.isSharedBetweenProcesses ? [1, 2].map(() => subject.cache(epoch, options)) : []),
      ];
      const outcome = await playReadAfterWriteRace({
        caches,
        keys,
        isOver: (rounds) => rounds >= 6_000,
        fence: () => epoch.openNext(),
      });
      expect(outcome).toMatchObject({ violations: [], fences: 0 });
      expect(outcome.hits).toBeGreaterThan(0);
    });

    it('reads what was acknowledged, or newer, while epochs come and go', async () => {
      changing = setInterval(() => (Math.random() < 0.3 ? epoch.close() : epoch.openNext()), 5);
      const outcome = await playReadAfterWriteRace({
        caches: [cache],
        keys,
        isOver: (rounds) => rounds >= 6_000,
        fence: () => epoch.openNext(),
      });
      expect(outcome.violations).toEqual([]);
      expect(outcome.fences).toBeGreaterThan(0);
    });
  });
}
