import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RateLimiter } from '../rate-limiter.ts';

/** One kind of limiter, as the contract needs it. */
export interface RateLimiterSubject {
  readonly limiter: RateLimiter;
  /** Lets time pass for the key, exactly. */
  pass(key: string, windowMs: number, ms: number): Promise<void>;
}

/** What every RateLimiter promises. Windows are so long that the time the test itself takes does not count. */
export function describeRateLimiterContract(given: () => Promise<RateLimiterSubject> | RateLimiterSubject): void {
  const windowMs = 3_600_000;
  const limit = { limit: 10, windowMs };
  let subject: RateLimiterSubject;
  beforeEach(async () => {
    subject = await given();
  });
  const takeMany = async (times: number, key = 'ada'): Promise<boolean[]> => {
    const decisions = await Promise.all(Array.from({ length: times }, () => subject.limiter.take(key, limit)));
    return decisions.map(({ allowed }) => allowed);
  };
  const allowedOf = async (times: number): Promise<number> => (await takeMany(times)).filter(Boolean).length;

  describe('rate limiter', () => {
    it('allows up to the limit, however many ask at once, and counts down', async () => {
      expect(await subject.limiter.take('ada', limit)).toMatchObject({ allowed: true, remaining: 9, retryAfterMs: 0 });
      expect(await allowedOf(30)).toBe(9);
      expect(await subject.limiter.take('ada', limit)).toMatchObject({ allowed: false, remaining: 0 });
    });

    it('counts keys and windows apart', async () => {
      await takeMany(10);
      expect(await takeMany(1, 'bob')).toEqual([true]);
      expect(await subject.limiter.take('ada', { limit: 10, windowMs: windowMs * 2 })).toMatchObject({ remaining: 9 });
    });

    it('charges what a take costs, and nothing for a refused one', async () => {
      expect(await subject.limiter.take('ada', { ...limit, cost: 7 })).toMatchObject({ allowed: true, remaining: 3 });
      expect(await subject.limiter.take('ada', { ...limit, cost: 4 })).toMatchObject({ allowed: false, remaining: 3 });
      expect(await subject.limiter.take('ada', { ...limit, cost: 3 })).toMatchObject({ allowed: true, remaining: 0 });
    });

    it('slides: half a window later, half of what was taken before is free again', async () => {
      await takeMany(10);
      await subject.pass('ada', windowMs, windowMs);
      expect(await allowedOf(3)).toBe(0);
      await subject.pass('ada', windowMs, windowMs / 2);
      expect(await allowedOf(10)).toBe(5);
    });

    it('forgets everything after two windows', async () => {
      await takeMany(10);
      await subject.pass('ada', windowMs, windowMs * 2);
      expect(await allowedOf(11)).toBe(10);
    });

    it('allows again when it said it would, and not before', async () => {
      await takeMany(10);
      const { retryAfterMs } = await subject.limiter.take('ada', { ...limit, cost: 2 });
      expect(retryAfterMs).toBeGreaterThan(windowMs);
      await subject.pass('ada', windowMs, retryAfterMs - 60_000);
      const early = await subject.limiter.take('ada', { ...limit, cost: 2 });
      expect(early.allowed).toBe(false);
      await subject.pass('ada', windowMs, early.retryAfterMs);
      expect(await subject.limiter.take('ada', { ...limit, cost: 2 })).toMatchObject({ allowed: true });
    });

    it('says when all of the limit is back', async () => {
      expect((await subject.limiter.take('ada', limit)).resetsAfterMs).toBeGreaterThan(windowMs);
      const { resetsAfterMs } = await subject.limiter.take('ada', limit);
      await subject.pass('ada', windowMs, resetsAfterMs);
      expect(await subject.limiter.take('ada', limit)).toMatchObject({ remaining: 9 });
    });

    it.each([
      { limit: 0, windowMs },
      { limit: 1.5, windowMs },
      { limit: 10, windowMs: 0 },
      { limit: Number.MAX_SAFE_INTEGER, windowMs },
      { ...limit, cost: 11 },
      { ...limit, cost: 0 },
    ])('refuses %j', async (wrong) => {
      await expect(subject.limiter.take('ada', wrong)).rejects.toBeInstanceOf(RangeError);
    });
  });
}
