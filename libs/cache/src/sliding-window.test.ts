import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { describeDecision, fits, slideTo } from './sliding-window.ts';
import type { SlidingWindow } from './sliding-window.ts';

const limits = fc.record({ limit: fc.integer({ min: 1, max: 50 }), windowMs: fc.integer({ min: 1, max: 10_000 }) });
const pauses = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 200 });

/** Takes after each pause; answers the times of what was allowed, and the last window. */
function play(
  limit: { limit: number; windowMs: number },
  waits: readonly number[],
): { taken: number[]; window: SlidingWindow } {
  let now = 1_000_000;
  let window: SlidingWindow | undefined;
  const taken: number[] = [];
  for (const wait of waits) {
    now += wait;
    window = slideTo(now, window, limit.windowMs);
    if (!fits(window, now - window.startedAt, { ...limit, cost: 1 })) continue;
    window = { ...window, current: window.current + 1 };
    taken.push(now);
  }
  return { taken, window: slideTo(now, window, limit.windowMs) };
}

describe('sliding window', () => {
  it('lets less than twice the limit into any window, and the limit into the first', () => {
    fc.assert(
      fc.property(limits, pauses, (limit, waits) => {
        const { taken } = play(limit, waits);
        for (const end of taken) {
          const within = taken.filter((time) => time <= end && time > end - limit.windowMs).length;
          expect(within).toBeLessThanOrEqual(2 * limit.limit);
        }
        const [first = 0] = taken;
        expect(taken.filter((time) => time < first + limit.windowMs).length).toBeLessThanOrEqual(limit.limit);
      }),
    );
  });

  it('promises a time for trying again at which the take fits, and 2 ms before which it does not', () => {
    fc.assert(
      fc.property(limits, pauses, fc.integer({ min: 1, max: 50 }), (limit, waits, wanted) => {
        const { window: last } = play(limit, waits);
        const full = { ...limit, cost: Math.min(wanted, limit.limit) };
        const elapsedMs = Math.floor(limit.windowMs / 3);
        if (fits(last, elapsedMs, full)) return;
        const { retryAfterMs } = describeDecision(false, { window: last, elapsedMs }, full);
        const fitsAfter = (ms: number): boolean => {
          const at = last.startedAt + elapsedMs + ms;
          const then = slideTo(at, last, limit.windowMs);
          return fits(then, at - then.startedAt, full);
        };
        expect(fitsAfter(retryAfterMs)).toBe(true);
        if (retryAfterMs > 2) expect(fitsAfter(retryAfterMs - 2)).toBe(false);
      }),
    );
  });

  it('stands still when the clock steps back', () => {
    const window = { startedAt: 5_000, current: 3, previous: 1 };
    expect(slideTo(4_000, window, 100)).toEqual(window);
  });
});
