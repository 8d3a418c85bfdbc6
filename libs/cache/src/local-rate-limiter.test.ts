import { describe, expect, it } from '@jest/globals';
import { LocalRateLimiter } from './local-rate-limiter.ts';
import { describeRateLimiterContract } from './testing/rate-limiter-contract.ts';
import { TurnableClock } from './testing/turnable-clock.ts';

describe('LocalRateLimiter', () => {
  describeRateLimiterContract(() => {
    const clock = new TurnableClock();
    return {
      limiter: new LocalRateLimiter({ clock: clock.now }),
      pass: async (_key, _windowMs, ms) => clock.advance(ms),
    };
  });

  it('remembers no more keys than it may', async () => {
    const limiter = new LocalRateLimiter({ maxKeys: 2 });
    const limit = { limit: 1, windowMs: 60_000 };
    for (const key of ['a', 'b', 'c']) await limiter.take(key, limit);
    expect((await limiter.take('c', limit)).allowed).toBe(false);
    expect((await limiter.take('a', limit)).allowed).toBe(true);
  });
});
