const FIRST_MS = 10;
const LONGEST_MS = 1_000;

/**
 * Time to wait before try number `attempt` (from 0) of connecting: 10 ms doubled by each failure up to 1 s, less up to half at random, so
 * that processes which lost the same server do not return in step.
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  const delayMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return delayMs * (1 - random() / 2);
}
