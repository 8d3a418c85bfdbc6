import { CacheUnavailableError } from './cache-errors.ts';
import type { RateLimit, RateLimitDecision, RateLimiter } from './rate-limiter.ts';

/** Asks the first; where that cannot be reached, the second: nobody is refused because Redis is down, and nobody is let in unlimited. */
export class FallbackRateLimiter implements RateLimiter {
  readonly #first: RateLimiter;
  readonly #second: RateLimiter;

  /** `first` is usually a RedisRateLimiter, `second` a LocalRateLimiter: meanwhile the limit holds for each process. */
  constructor(first: RateLimiter, second: RateLimiter) {
    this.#first = first;
    this.#second = second;
  }

  async take(key: string, limit: RateLimit): Promise<RateLimitDecision> {
    try {
      return await this.#first.take(key, limit);
    } catch (error) {
      if (!(error instanceof CacheUnavailableError)) throw error;
      return this.#second.take(key, limit);
    }
  }
}
