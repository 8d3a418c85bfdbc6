import { setTimeout as sleep } from 'node:timers/promises';
import type { HeldLock, LockRequest } from './lock.ts';

const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;

/** What one try came to: the lock, or the time after which the present holder's runs out. */
export type LockTry = HeldLock | { readonly freeInMs: number };

/** The most that a timer of Node can wait. */
const LONGEST_LIFETIME_MS = 2 ** 31 - 1;

/** Throws RangeError. */
export function assertLifetime(ttlMs: number): void {
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 1 || ttlMs > LONGEST_LIFETIME_MS)
    throw new RangeError(`ttlMs must be an integer from 1 to ${LONGEST_LIFETIME_MS}.`);
}

/** Tries until the lock is got or the request's patience ends. Rejects with the signal's reason once that is aborted. */
export async function acquireWithPatience(
  tryOnce: () => Promise<LockTry>,
  { ttlMs, waitMs = 0, signal }: LockRequest,
): Promise<HeldLock | undefined> {
  assertLifetime(ttlMs);
  const giveUpAt = performance.now() + waitMs;
  for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    signal?.throwIfAborted();
    const outcome = await tryOnce();
    if (!('freeInMs' in outcome)) return outcome;
    const leftMs = giveUpAt - performance.now();
    if (leftMs <= 0) return undefined;
    await pause(Math.min(pauseMs * (0.5 + Math.random() / 2), Math.max(1, outcome.freeInMs), leftMs), signal);
  }
}

async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(delayMs, undefined, signal && { signal });
  } catch (error) {
    signal?.throwIfAborted(); // its own reason rather than the timer's AbortError
    throw error;
  }
}
