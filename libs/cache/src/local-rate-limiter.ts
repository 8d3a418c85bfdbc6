import { LRUCache } from 'lru-cache';
import { monotonicClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { checkRateLimit } from './rate-limiter.ts';
import type { RateLimit, RateLimitDecision, RateLimiter } from './rate-limiter.ts';
import { describeDecision, fits, slideTo } from './sliding-window.ts';
import type { SlidingWindow } from './sliding-window.ts';

/** Bounds of the limiter's memory, and its clock. */
export interface LocalRateLimiterOptions {
  /** Remembers at most this many keys; who was away longest is forgotten first. @default 50000 */
  readonly maxKeys?: number;
  /** A clock that does not jump, in ms. @default performance.now */
  readonly clock?: Clock;
}

const DEFAULT_MAX_KEYS = 50_000;

/** A limit within this process. */
export class LocalRateLimiter implements RateLimiter {
  readonly #windows: LRUCache<string, SlidingWindow>;
  readonly #clock: Clock;

  constructor(options: LocalRateLimiterOptions = {}) {
    this.#windows = new LRUCache({ max: options.maxKeys ?? DEFAULT_MAX_KEYS });
    this.#clock = options.clock ?? monotonicClock;
  }

  async take(key: string, rateLimit: RateLimit): Promise<RateLimitDecision> {
    const checked = checkRateLimit(rateLimit);
    const { windowMs, cost } = checked;
    const now = Math.floor(this.#clock());
    const windowKey = `${windowMs}:${key}`;
    const held = slideTo(now, this.#windows.get(windowKey), windowMs);
    const elapsedMs = Math.max(0, now - held.startedAt);
    const allowed = fits(held, elapsedMs, checked);
    const window = allowed ? { ...held, current: held.current + cost } : held;
    if (allowed) this.#windows.set(windowKey, window);
    return describeDecision(allowed, { window, elapsedMs }, checked);
  }
}
