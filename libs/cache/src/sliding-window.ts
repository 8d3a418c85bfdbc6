import type { RateLimit, RateLimitDecision } from './rate-limiter.ts';

/** Two counters of equal windows, one after the other. */
export interface SlidingWindow {
  /** When the current window began, in ms. */
  readonly startedAt: number;
  readonly current: number;
  readonly previous: number;
}

/** The window as it stands at `now`. Whoever was away for two windows starts afresh. */
export function slideTo(now: number, window: SlidingWindow | undefined, windowMs: number): SlidingWindow {
  if (window === undefined) return { startedAt: now, current: 0, previous: 0 };
  const passed = Math.max(0, Math.floor((now - window.startedAt) / windowMs));
  if (passed === 0) return window;
  if (passed > 1) return { startedAt: now, current: 0, previous: 0 };
  return { startedAt: window.startedAt + windowMs, current: 0, previous: window.current };
}

/** Whether `cost` fits. Multiplied out, so that integers decide and the script in Redis decides the same. */
export function fits(
  window: SlidingWindow,
  elapsedMs: number,
  { limit, windowMs, cost }: Required<RateLimit>,
): boolean {
  return window.previous * (windowMs - elapsedMs) + (window.current + cost) * windowMs <= limit * windowMs;
}

/** What to tell the caller. `window` is as it stands after the take. */
export function describeDecision(
  allowed: boolean,
  { window, elapsedMs }: { readonly window: SlidingWindow; readonly elapsedMs: number },
  limit: Required<RateLimit>,
): RateLimitDecision {
  const { windowMs } = limit;
  const used = window.previous * (1 - elapsedMs / windowMs) + window.current;
  const leftMs = windowMs - elapsedMs;
  const resetsAfterMs = window.current > 0 ? leftMs + windowMs : window.previous > 0 ? leftMs : 0;
  return {
    allowed,
    remaining: Math.max(0, Math.floor(limit.limit - used)),
    resetsAfterMs,
    retryAfterMs: allowed ? 0 : Math.max(1, Math.ceil(waitMs(window, elapsedMs, limit))),
  };
}

/** The counters shrink linearly: first the previous window's share, then, as the previous one, the current window's. */
function waitMs({ current, previous }: SlidingWindow, elapsedMs: number, limit: Required<RateLimit>): number {
  const { windowMs } = limit;
  const roomNow = limit.limit - limit.cost - current;
  if (roomNow >= 0 && previous > 0) return windowMs * (1 - roomNow / previous) - elapsedMs;
  const roomNext = limit.limit - limit.cost;
  return windowMs - elapsedMs + Math.max(0, windowMs * (1 - roomNext / current));
}
