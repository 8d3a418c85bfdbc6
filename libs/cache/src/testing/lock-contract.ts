import { once } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HeldLock, Lock } from '../lock.ts';

/** One kind of lock, as the contract needs it. */
export interface LockSubject {
  readonly lock: Lock;
  /** Lets the lifetime of whoever holds the name pass. */
  expire(name: string): Promise<void>;
}

/** What every Lock promises. */
export function describeLockContract(given: () => Promise<LockSubject> | LockSubject): void {
  const patient = { ttlMs: 60_000, waitMs: 60_000 };
  let subject: LockSubject;
  let lock: Lock;
  beforeEach(async () => {
    subject = await given();
    lock = subject.lock;
  });
  const acquired = async (name = 'job', ttlMs = 60_000): Promise<HeldLock> => {
    const held = await lock.acquire(name, { ttlMs });
    if (held === undefined) throw new Error(`${name} is held by somebody else.`);
    return held;
  };

  describe('lock', () => {
    it('is held by one at a time', async () => {
      const held = await acquired();
      expect(await lock.acquire('job', { ttlMs: 60_000 })).toBeUndefined();
      await acquired('another job');
      await held.release();
      await acquired();
      expect(held.signal.aborted).toBe(false);
    });

    it('goes to exactly one of many who ask at once', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, () => lock.acquire('job', { ttlMs: 60_000 })));
      expect(all.filter((held) => held !== undefined)).toHaveLength(1);
    });

    it('counts up with every holder, also over a lifetime that ended', async () => {
      const tokens: number[] = [];
      while (tokens.length < 5) {
        tokens.push((await acquired()).fencingToken);
        await subject.expire('job');
      }
      const last = await acquired();
      tokens.push(last.fencingToken);
      await last.release();
      tokens.push((await acquired()).fencingToken);
      expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
      expect(tokens.every(Number.isSafeInteger)).toBe(true);
    });

    it('tells a holder who comes too late, and leaves the new one alone', async () => {
      const late = await acquired();
      await subject.expire('job');
      const current = await acquired();
      expect(await late.extend(60_000)).toBe(false);
      expect(late.signal.aborted).toBe(true);
      await late.release();
      expect(await current.extend(60_000)).toBe(true);
      expect(await lock.acquire('job', { ttlMs: 60_000 })).toBeUndefined();
    });

    it('fires its signal when the lifetime ends', async () => {
      const held = await acquired('job', 30);
      if (!held.signal.aborted) await once(held.signal, 'abort');
      expect(held.signal.reason).toBeInstanceOf(Error);
      expect(await held.extend(60_000)).toBe(false);
    });

    it('lives on while it is extended', async () => {
      const held = await acquired('job', 30_000);
      expect(await held.extend(60_000)).toBe(true);
      const other = await acquired('other', 30);
      if (!other.signal.aborted) await once(other.signal, 'abort');
      expect(held.signal.aborted).toBe(false);
    });

    it('waits for the holder as long as it is told to', async () => {
      const held = await acquired();
      const waiting = lock.acquire('job', patient);
      await held.release();
      const next = await waiting;
      expect(next?.fencingToken).toBeGreaterThan(held.fencingToken);
      expect(await lock.acquire('job', { ttlMs: 60_000, waitMs: 30 })).toBeUndefined();
    });

    it('stops waiting with the reason of the signal', async () => {
      await acquired();
      const controller = new AbortController();
      const waiting = lock.acquire('job', { ...patient, signal: controller.signal });
      controller.abort(new TypeError('changed my mind'));
      await expect(waiting).rejects.toThrow('changed my mind');
    });

    it('is given back at the end of its scope, once', async () => {
      {
        await using held = await acquired();
        await held.release();
        await acquired();
      }
      expect(await lock.acquire('job', { ttlMs: 60_000 })).toBeUndefined();
    });

    it.each([0, 1.5, Number.NaN, 2 ** 31])('refuses a lifetime of %d ms', async (ttlMs) => {
      await expect(lock.acquire('job', { ttlMs })).rejects.toBeInstanceOf(RangeError);
      await using held = await lock.acquire('job', { ttlMs: 2 ** 31 - 1 });
      await expect(held?.extend(ttlMs)).rejects.toBeInstanceOf(RangeError);
      expect(held?.signal.aborted).toBe(false);
    });
  });
}
