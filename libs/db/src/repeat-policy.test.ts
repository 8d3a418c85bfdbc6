import { beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseUnavailableError, SerializationError, UniqueViolationError } from './database-errors.ts';
import { RepeatPolicy } from './repeat-policy.ts';

describe('RepeatPolicy', () => {
  let clockMs: number;
  let pausesMs: number[];
  beforeEach(() => {
    clockMs = 0;
    pausesMs = [];
  });

  const givenPolicy = (maxRepeats = 3, repeatWithinMs = 1000): RepeatPolicy =>
    new RepeatPolicy({
      maxRepeats,
      repeatWithinMs,
      now: () => clockMs,
      random: () => 0.5,
      sleep: async (ms) => {
        pausesMs.push(ms);
        clockMs += ms;
      },
    });

  /** Fails with each error in turn, then succeeds; answers how often it ran. */
  const failing = (...errors: Error[]): (() => Promise<number>) => {
    let runs = 0;
    return async () => {
      const error = errors[runs];
      runs += 1;
      if (error !== undefined) throw error;
      return runs;
    };
  };
  const harmless = (error: unknown) => ({ error, harmless: true });
  const lost = new DatabaseUnavailableError('connection-lost');
  const refused = new DatabaseUnavailableError('connect-failed');
  const contention = new SerializationError('met a concurrent transaction');

  it('repeats with growing pauses, at once after a lost connection', async () => {
    const told: unknown[] = [];

    const runs = await givenPolicy().run(failing(lost, refused, refused), harmless, (error) => told.push(error));

    expect(runs).toBe(4);
    expect(pausesMs).toEqual([40, 80]);
    expect(told).toEqual([lost, refused, refused]);
  });

  it('gives contention short pauses', async () => {
    expect(await givenPolicy().run(failing(contention, contention), harmless, () => undefined)).toBe(3);
    expect(pausesMs).toEqual([4, 8]);
  });

  it('ends after the last repeat with the last error', async () => {
    const last = new SerializationError('again');

    await expect(givenPolicy(1).run(failing(contention, last), harmless, () => undefined)).rejects.toBe(last);
  });

  it('never repeats with maxRepeats 0', async () => {
    await expect(givenPolicy(0).run(failing(contention), harmless, () => undefined)).rejects.toBe(contention);
  });

  it('begins no repeat after its time', async () => {
    const slow = async (): Promise<never> => {
      clockMs += 999;
      throw refused;
    };

    await expect(givenPolicy().run(slow, harmless, () => undefined)).rejects.toBe(refused);
    expect(pausesMs).toEqual([]);
  });

  it.each([
    new UniqueViolationError('buckets_name_key', {}),
    new DatabaseUnavailableError('pool-exhausted'),
    new DatabaseUnavailableError('rejected'),
    new DatabaseUnavailableError('closed'),
    new Error('of the work'),
  ])('does not repeat after %s', async (error) => {
    await expect(givenPolicy().run(failing(error), harmless, () => undefined)).rejects.toBe(error);
  });

  it('does not repeat what might have an effect twice', async () => {
    const harmful = (error: unknown) => ({ error, harmless: false });

    await expect(givenPolicy().run(failing(lost), harmful, () => undefined)).rejects.toBe(lost);
  });

  it('in an outage repeats no more than a tenth of the runs, once the reserve is used up', async () => {
    const policy = givenPolicy(8, 60_000);
    let attempts = 0;
    const down = async (): Promise<never> => {
      attempts += 1;
      throw refused;
    };
    const outage = async (runs: number): Promise<number> => {
      attempts = 0;
      for (let run = 0; run < runs; run += 1) await policy.run(down, harmless, () => undefined).catch(() => undefined);
      return attempts - runs;
    };

    expect(await outage(100)).toBeLessThanOrEqual(110);
    expect(await outage(1000)).toBeLessThanOrEqual(101);
  });
});
