import { describe, expect, it } from '@jest/globals';
import { CacheUnavailableError } from './cache-errors.ts';
import { FallbackRateLimiter } from './fallback-rate-limiter.ts';
import { LocalRateLimiter } from './local-rate-limiter.ts';
import type { RateLimiter } from './rate-limiter.ts';

const limit = { limit: 3, windowMs: 60_000 };
const rejecting = (error: Error): RateLimiter => ({ take: () => Promise.reject(error) });

describe('FallbackRateLimiter', () => {
  it('asks the first while that answers', async () => {
    const limiter = new FallbackRateLimiter(new LocalRateLimiter(), rejecting(new Error('not this one')));
    expect(await limiter.take('ada', limit)).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('neither refuses at once nor allows without end when the first cannot be reached', async () => {
    const down = rejecting(new CacheUnavailableError('disconnected', 'down'));
    const limiter = new FallbackRateLimiter(down, new LocalRateLimiter());
    const decisions = [];
    while (decisions.length < 5) decisions.push((await limiter.take('ada', limit)).allowed);
    expect(decisions).toEqual([true, true, true, false, false]);
  });

  it('hides no mistake of the caller', async () => {
    const limiter = new FallbackRateLimiter(rejecting(new RangeError('limit')), new LocalRateLimiter());
    await expect(limiter.take('ada', limit)).rejects.toBeInstanceOf(RangeError);
  });
});
