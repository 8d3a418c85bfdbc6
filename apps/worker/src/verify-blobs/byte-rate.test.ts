import { describe, expect, it } from '@jest/globals';
import { ByteRate } from './byte-rate.ts';

/** A rate on a clock that only its waits move. */
function givenRate(bytesPerSecond: number): { rate: ByteRate; clock: { ms: number } } {
  const clock = { ms: 5_000 };
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    clock.ms += ms;
  };
  return { rate: new ByteRate({ bytesPerSecond, now: () => clock.ms, sleep }), clock };
}

const never = new AbortController().signal;

describe('ByteRate', () => {
  it('lets a second of bytes through at once, and what follows at the rate', async () => {
    const { rate, clock } = givenRate(1_000_000);
    await rate.take(1_000_000, never);
    expect(clock.ms).toBe(5_000);
    for (let taken = 0; taken < 3_000_000; taken += 250_000) await rate.take(250_000, never);
    expect(clock.ms).toBe(8_000);
  });

  it('holds the rate for takes too small to wait for', async () => {
    const { rate, clock } = givenRate(1_000_000);
    for (let taken = 0; taken < 11_000_000; taken += 100) await rate.take(100, never);
    expect(Math.abs(clock.ms - 15_000)).toBeLessThan(10);
  });

  it('waits for a take larger than a second of bytes', async () => {
    const { rate, clock } = givenRate(1_000);
    await rate.take(60_000, never);
    expect(clock.ms).toBe(64_000);
  });

  it('makes up for no more than a second of silence', async () => {
    const { rate, clock } = givenRate(1_000);
    await rate.take(1_000, never);
    clock.ms += 3_600_000;
    await rate.take(3_000, never);
    expect(clock.ms).toBe(5_000 + 3_600_000 + 2_000);
  });

  it('stops waiting when it is told to', async () => {
    const { rate } = givenRate(1);
    const stop = AbortSignal.abort(new Error('told to'));
    await expect(rate.take(1_000, stop)).rejects.toThrow('told to');
  });
});
