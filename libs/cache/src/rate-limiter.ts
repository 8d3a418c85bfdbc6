/** How much is allowed. */
export interface RateLimit {
  /** Cost that may be taken in any window; an integer from 1 up. */
  readonly limit: number;
  /** Length of the window, in ms; an integer from 1 up. */
  readonly windowMs: number;
  /** What this take costs; an integer from 1 to `limit`. @default 1 */
  readonly cost?: number;
}

/** What came of a take. */
export interface RateLimitDecision {
  readonly allowed: boolean;
  /** What may still be taken now. */
  readonly remaining: number;
  /** Until all of the limit is there again if nothing more is taken. */
  readonly resetsAfterMs: number;
  /** Until the same take would be allowed if nothing else is taken; 0 when it was allowed. */
  readonly retryAfterMs: number;
}

/**
 * Limits what is taken in a sliding window. The window is estimated from two counters, this window's and a share of the one
 * before: a few bytes and one step for each key whatever the limit is, where an exact log keeps a time for each take. In
 * return it takes it that the window before was used evenly: around a burst at its end, nearly twice the limit can fall into one
 * window; over several windows the limit holds. A refused take costs nothing. Keys with different `windowMs` are counted apart.
 */
export interface RateLimiter {
  /** Rejects with RangeError when the limit is out of its bounds, and as the implementation says. */
  take(key: string, limit: RateLimit): Promise<RateLimitDecision>;
}

/** Throws RangeError. */
export function checkRateLimit({ limit, windowMs, cost = 1 }: RateLimit): Required<RateLimit> {
  const isSane = [limit, windowMs, limit * windowMs * 2].every((factor) => Number.isSafeInteger(factor) && factor > 0);
  if (!isSane) throw new RangeError('limit and windowMs must be integers from 1 up, and their product exact.');
  if (!Number.isSafeInteger(cost) || cost < 1 || cost > limit)
    throw new RangeError('cost must be an integer from 1 to limit.');
  return { limit, windowMs, cost };
}
