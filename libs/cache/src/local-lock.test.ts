import { describe, expect, it } from '@jest/globals';
import { LocalLock } from './local-lock.ts';
import { describeLockContract } from './testing/lock-contract.ts';
import { TurnableClock } from './testing/turnable-clock.ts';

describe('LocalLock', () => {
  describeLockContract(() => {
    const clock = new TurnableClock();
    return { lock: new LocalLock({ now: clock.now }), expire: async () => clock.advance(1_000_000) };
  });

  it('tells the old holder when somebody else takes over', async () => {
    const clock = new TurnableClock();
    const lock = new LocalLock({ now: clock.now });
    const first = await lock.acquire('job', { ttlMs: 60_000 });
    clock.advance(60_000);
    expect(first?.signal.aborted).toBe(false);
    await lock.acquire('job', { ttlMs: 60_000 });
    expect(first?.signal.aborted).toBe(true);
  });
});
