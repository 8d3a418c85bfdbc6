import { describe, expect, it } from '@jest/globals';
import { LocalVersionedCache } from './local-versioned-cache.ts';
import { playReadAfterWriteRace } from './testing/read-after-write-race.ts';
import { TurnableClock } from './testing/turnable-clock.ts';
import { describeVersionedCacheContract } from './testing/versioned-cache-contract.ts';

describe('LocalVersionedCache', () => {
  describeVersionedCacheContract(() => {
    const clock = new TurnableClock();
    return {
      clock,
      cache: (epoch, options) => new LocalVersionedCache({ ...options, epoch, clock: clock.now }),
      expireAll: async () => clock.advance(1_000_000),
      isSharedBetweenProcesses: false,
    };
  });

  it('keeps no more entries than it may, the least recently used leaving first', async () => {
    const cache = new LocalVersionedCache<string>({ prefix: 'things', maxEntries: 2 });
    for (const key of ['a', 'b', 'a', 'c']) await cache.getOrLoad(key, async () => ({ generation: 1, value: key }));
    expect(await cache.getMany(['a', 'b', 'c'])).toEqual([
      { generation: 1, value: 'a' },
      undefined,
      { generation: 1, value: 'c' },
    ]);
  });

  it('drops a load that began before a newer value came and was crowded out', async () => {
    const cache = new LocalVersionedCache<string>({ prefix: 'things', maxEntries: 1 });
    const mark = cache.beginLoad();
    await cache.publish('a', { generation: 2, value: 'new' });
    await cache.publish('b', { generation: 1, value: 'crowds' });
    await cache.fill('a', { generation: 1, value: 'old' }, mark);
    expect(await cache.getMany(['a'])).toEqual([undefined]);
  });

  it('fills a load that began after what was crowded out had been published', async () => {
    const cache = new LocalVersionedCache<string>({ prefix: 'things', maxEntries: 1 });
    await cache.publish('a', { generation: 2, value: 'new' });
    const mark = cache.beginLoad();
    await cache.fill('b', { generation: 1, value: 'crowds' }, mark);
    await cache.fill('a', { generation: 2, value: 'new' }, mark);
    expect(await cache.getMany(['a'])).toEqual([{ generation: 2, value: 'new' }]);
  });

  it('reads what was acknowledged, or newer, also where entries crowd each other out', async () => {
    const cache = new LocalVersionedCache<string>({ prefix: 'things', maxEntries: 2, longestLoadMs: 1_000 });
    const keys = ['a', 'b', 'c', 'd'];
    const isOver = (rounds: number): boolean => rounds >= 6_000;
    const outcome = await playReadAfterWriteRace({ caches: [cache], keys, isOver, fence: () => undefined });
    expect(outcome).toMatchObject({ violations: [], fences: 0 });
    expect(outcome.hits).toBeGreaterThan(0);
  });

  it('ends lifetimes up to a fifth early, so that they do not end together', async () => {
    const clock = new TurnableClock();
    const options = { prefix: 'things', lifetimeMs: 100_000, clock: clock.now };
    const early = new LocalVersionedCache<string>({ ...options, random: () => 1 });
    const late = new LocalVersionedCache<string>({ ...options, random: () => 0 });
    await Promise.all([early, late].map((cache) => cache.publish('a', { generation: 1, value: 'x' })));
    const areHeld = async (): Promise<boolean[]> =>
      Promise.all([early, late].map(async (cache) => (await cache.getMany(['a']))[0] !== undefined));
    clock.advance(79_999);
    expect(await areHeld()).toEqual([true, true]);
    clock.advance(2);
    expect(await areHeld()).toEqual([false, true]);
    clock.advance(20_000);
    expect(await areHeld()).toEqual([false, false]);
  });

  it('refuses options that could bring an old value back', async () => {
    expect(() => new LocalVersionedCache({ prefix: 'a:b' })).toThrow(RangeError);
    expect(() => new LocalVersionedCache({ prefix: 'a', lifetimeMs: 12_000 })).toThrow(RangeError);
    const cache = new LocalVersionedCache<string>({ prefix: 'a' });
    const published = cache.publish('a', { generation: 1, value: 'x' }, { lifetimeMs: 10_000 });
    await expect(published).rejects.toBeInstanceOf(RangeError);
  });
});
