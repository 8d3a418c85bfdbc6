import { expect, it } from '@jest/globals';
import { reconnectDelayMs } from './reconnect-delay.ts';

it('makes the first two tries within 50 ms, doubles, and stops at a second', () => {
  const longest = [0, 1, 2, 6, 7, 100, 5_000].map((attempt) => reconnectDelayMs(attempt, () => 0));
  expect(longest).toEqual([10, 20, 40, 640, 1_000, 1_000, 1_000]);
  expect(reconnectDelayMs(100, () => 1)).toBe(500);
});
