import { describe, expect, it } from '@jest/globals';
import { LocalVersionedCache } from './local-versioned-cache.ts';
import { SessionStore } from './session-store.ts';
import { MemoryCacheEpoch } from './testing/memory-cache-epoch.ts';
import { describeSessionStoreContract } from './testing/session-store-contract.ts';

describe('SessionStore over LocalVersionedCache', () => {
  describeSessionStoreContract(() => {
    const epoch = new MemoryCacheEpoch();
    return { epoch, cache: new LocalVersionedCache({ prefix: 'session', epoch, absentLifetimeMs: 0 }) };
  });

  it('refuses lifetimes that are none', () => {
    const cache = new LocalVersionedCache<number>({ prefix: 'session' });
    const times = { startedAt: (session: number): number => session, lastUsedAt: (session: number): number => session };
    const build = (): unknown => new SessionStore({ cache, ...times, absoluteLifetimeMs: 1, idleLifetimeMs: 0 });
    expect(build).toThrow(RangeError);
  });
});
