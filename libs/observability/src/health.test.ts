import { describe, expect, it } from '@jest/globals';
import { Health } from './health.ts';
import type { ReadinessCheckOptions } from './readiness-check.ts';

function givenHealth(options: ReadinessCheckOptions = {}) {
  let clock = 0;
  let error: Error | undefined;
  let runs = 0;
  const changes: { name: string; ok: boolean; error?: unknown }[] = [];
  const health = new Health({ now: () => clock, onChange: (change) => changes.push(change) });
  health.addReadinessCheck(
    'database',
    async () => {
      runs += 1;
      if (error) throw error;
    },
    options,
  );
  return {
    health,
    changes,
    runs: () => runs,
    advance: (milliseconds: number) => (clock += milliseconds),
    fail: (reason: Error | undefined) => (error = reason),
    ready: async () => (await health.readiness()).ready,
  };
}

describe('Health', () => {
  it('is ready without checks, and with checks that succeed', async () => {
    expect(await new Health().readiness()).toEqual({ ready: true, draining: false, checks: [] });
    const { health } = givenHealth();
    expect(await health.readiness()).toEqual({
      ready: true,
      draining: false,
      checks: [{ name: 'database', ok: true, critical: true, sinceMs: 0 }],
    });
  });

  it('asks once for many askers, and again only when the result is old', async () => {
    const { health, runs, advance } = givenHealth();
    await Promise.all(Array.from({ length: 100 }, () => health.readiness()));
    expect(runs()).toBe(1);
    advance(999);
    await health.readiness();
    expect(runs()).toBe(1);
    advance(1);
    await health.readiness();
    expect(runs()).toBe(2);
  });

  it('is not ready until a check has succeeded, grace or not', async () => {
    const { ready, fail, advance } = givenHealth({ graceMs: 60_000 });
    fail(new Error('down'));
    expect(await ready()).toBe(false);
    fail(undefined);
    advance(1_000);
    expect(await ready()).toBe(true);
  });

  it('stays ready for the grace of a check that has succeeded, then fails, then recovers at once', async () => {
    const { ready, fail, advance } = givenHealth({ graceMs: 10_000 });
    await ready();
    fail(new Error('down'));
    advance(5_000);
    expect(await ready()).toBe(true);
    advance(9_999);
    expect(await ready()).toBe(true);
    advance(1);
    expect(await ready()).toBe(false);
    fail(undefined);
    advance(1_000);
    expect(await ready()).toBe(true);
  });

  it('reports a check that is not critical without failing', async () => {
    const { health, fail } = givenHealth({ critical: false });
    fail(new Error('down'));
    expect(await health.readiness()).toMatchObject({ ready: true, checks: [{ ok: false, critical: false }] });
  });

  it('tells for how long it has been so', async () => {
    const { health, advance, fail } = givenHealth();
    await health.readiness();
    advance(4_000);
    fail(new Error('down'));
    await health.readiness();
    advance(2_500);
    expect((await health.readiness()).checks[0]).toMatchObject({ ok: false, sinceMs: 2_500 });
  });

  it('tells each change once, and nothing of a good start', async () => {
    const { health, changes, advance, fail } = givenHealth();
    const down = new Error('down');
    for (const reason of [undefined, down, down, undefined, undefined]) {
      fail(reason);
      await health.readiness();
      advance(1_000);
    }
    expect(changes).toEqual([
      { name: 'database', ok: false, error: down },
      { name: 'database', ok: true },
    ]);
  });

  it('fails a check that takes too long, aborts its signal, and asks again later', async () => {
    const signals: AbortSignal[] = [];
    const health = new Health({ cacheMs: 0 });
    const hang = (signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<void>(() => undefined);
    };
    health.addReadinessCheck('hanging', hang, { timeoutMs: 5 });
    expect((await health.readiness()).ready).toBe(false);
    expect((await health.readiness()).ready).toBe(false);
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
  });

  it('takes a check that throws at once for one that rejects', async () => {
    const health = new Health();
    health.addReadinessCheck('broken', () => {
      throw new Error('thrown');
    });
    expect((await health.readiness()).ready).toBe(false);
  });

  it('draining: not ready at once, without asking; still live', async () => {
    const { health, runs } = givenHealth();
    health.startDraining();
    expect(await health.readiness()).toMatchObject({ ready: false, draining: true });
    expect(health.draining).toBe(true);
    expect(health.liveness()).toEqual({ live: true });
    expect(runs()).toBe(0);
  });

  it('draining while a check runs: not ready', async () => {
    const { health } = givenHealth();
    const asked = health.readiness();
    health.startDraining();
    expect((await asked).ready).toBe(false);
  });
});
