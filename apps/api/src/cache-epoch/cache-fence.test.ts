import { beforeEach, describe, expect, it } from '@jest/globals';
import { CacheUnavailableError } from '@stowage/cache';
import { captureLogs, type CapturedLogs } from '@stowage/observability/testing';
import { VirtualTime } from '../../test/virtual-time.ts';
import type { CacheEpochRepository } from './cache-epoch-repository.ts';
import { CacheFence } from './cache-fence.ts';
import { MemoryCacheEpochRepository } from './memory-cache-epoch-repository.ts';

const leaseMs = 2_000;
const closedForMs = 10_000;

describe('CacheFence', () => {
  let time: VirtualTime;
  let epochs: MemoryCacheEpochRepository;
  let logs: CapturedLogs;
  beforeEach(() => {
    time = new VirtualTime();
    epochs = new MemoryCacheEpochRepository(time.now);
    logs = captureLogs();
  });

  const givenFence = (repository: CacheEpochRepository = epochs): CacheFence =>
    new CacheFence({ epochs: repository, log: logs.logger, now: time.now, wait: time.wait, leaseMs, closedForMs });
  const confirmed = async (): Promise<void> => undefined;
  const unreachable = async (): Promise<void> => {
    throw new CacheUnavailableError('disconnected', 'no connection');
  };
  /** How long the work took, in ms of virtual time. */
  const durationOf = async (work: Promise<unknown>): Promise<number> => {
    const startedAt = time.now();
    let endedAt: number | undefined;
    const ended = work.finally(() => (endedAt = time.now()));
    for (let step = 0; step < 1_000 && endedAt === undefined; step += 1) await time.advance(step === 0 ? 0 : 100);
    await ended;
    return (endedAt ?? Infinity) - startedAt;
  };

  it('lets nobody use the cache before the first lease', () => {
    expect(givenFence().current).toBeUndefined();
  });

  it('gives all processes the same epoch, until the lease ends', async () => {
    const [one, two] = [givenFence(), givenFence()];
    await one.renew();
    await two.renew();
    expect(one.current).toBeDefined();
    expect(two.current).toBe(one.current);
    await time.advance(leaseMs - 1);
    expect(one.current).toBeDefined();
    await time.advance(1);
    expect(one.current).toBeUndefined();
  });

  it('counts the lease from the question, not from the answer', async () => {
    const slow: CacheEpochRepository = {
      read: async () => {
        const agreed = await epochs.read();
        await time.wait(1_500);
        return agreed;
      },
      close: (ms) => epochs.close(ms),
    };
    const fence = givenFence(slow);
    const renewed = fence.renew();
    await time.advance(1_500);
    await renewed;
    expect(fence.current).toBeDefined();
    await time.advance(500);
    expect(fence.current).toBeUndefined();
  });

  it('keeps the lease while the database is away, and loses it when it ends', async () => {
    let down = false;
    const repository: CacheEpochRepository = {
      read: async () => (down ? Promise.reject(new Error('down')) : epochs.read()),
      close: (ms) => epochs.close(ms),
    };
    const fence = givenFence(repository);
    await fence.renew();
    down = true;
    await time.advance(1_000);
    await fence.renew();
    expect(fence.current).toBeDefined();
    await time.advance(1_000);
    expect(fence.current).toBeUndefined();
    expect(logs.withMessage('cache lease not renewed')).toHaveLength(1);
  });

  it('costs a confirmed publication nothing', async () => {
    const fence = givenFence();
    await fence.renew();
    const before = fence.current;
    expect(await durationOf(fence.publish(confirmed))).toBe(0);
    expect(fence.current).toBe(before);
  });

  it('passes on what is no fault of the cache', async () => {
    const fence = givenFence();
    await expect(fence.publish(() => Promise.reject(new RangeError('generation')))).rejects.toBeInstanceOf(RangeError);
  });

  it('closes the cache for all when a change could not be published, and waits until every lease has ended', async () => {
    const [writer, reader] = [givenFence(), givenFence()];
    await reader.renew();
    const before = reader.current;
    expect(await durationOf(writer.publish(unreachable))).toBe(leaseMs);
    expect(reader.current).toBeUndefined();
    await reader.renew();
    expect(reader.current).toBeUndefined();
    await time.advance(closedForMs - leaseMs);
    await reader.renew();
    expect(reader.current).toBeDefined();
    expect(reader.current).not.toBe(before);
  });

  it('lets only the first writer of an outage wait, however long it lasts', async () => {
    const writer = givenFence();
    expect(await durationOf(writer.publish(unreachable))).toBe(leaseMs);
    for (let second = 0; second < 60; second += 1) {
      expect(await durationOf(writer.publish(unreachable))).toBe(0);
      await time.advance(1_000);
    }
    await time.advance(closedForMs);
    expect(await durationOf(writer.publish(unreachable))).toBe(leaseMs);
  });

  it('closes once for writers that fail together', async () => {
    let closed = 0;
    const counting: CacheEpochRepository = {
      read: () => epochs.read(),
      close: (ms) => {
        closed += 1;
        return epochs.close(ms);
      },
    };
    const writer = givenFence(counting);
    await durationOf(Promise.all(Array.from({ length: 10 }, () => writer.publish(unreachable))));
    expect(closed).toBe(1);
  });

  it('fails a change that can neither be published nor fenced off, and lets nobody here read on', async () => {
    let down = true;
    const repository: CacheEpochRepository = {
      read: () => epochs.read(),
      close: (ms) => (down ? Promise.reject(new Error('down')) : epochs.close(ms)),
    };
    const fence = givenFence(repository);
    await fence.renew();
    await expect(fence.publish(unreachable)).rejects.toThrow('down');
    await fence.renew();
    down = false;
    await time.advance(leaseMs);
    expect(fence.current).toBeUndefined();
    await fence.renew();
    expect(fence.current).toBeUndefined();
    await time.advance(closedForMs);
    await fence.renew();
    expect(fence.current).toBe('2');
  });

  it('does not rest on a closing that was over before the change', async () => {
    const answers = [(): Promise<void> => time.wait(12_000), (): Promise<void> => Promise.reject(new Error('down'))];
    const slow: CacheEpochRepository = {
      read: () => epochs.read(),
      close: async (ms) => {
        const answer = answers.shift();
        if (answers.length > 0) await epochs.close(ms);
        await answer?.();
      },
    };
    const writer = givenFence(slow);
    const first = writer.publish(unreachable);
    await time.advance(11_000);
    const reader = givenFence();
    await reader.renew();
    expect(reader.current).toBe('2'); // open again: it may read what the next change cannot replace
    const second = expect(writer.publish(unreachable)).rejects.toThrow('down');
    await time.advance(5_000);
    await Promise.all([first, second]);
  });

  it('closes the cache before it is used again when it was reached anew', async () => {
    const [fence, other] = [givenFence(), givenFence()];
    await fence.renew();
    await other.renew();
    const before = fence.current;
    fence.reconnected();
    expect(fence.current).toBeUndefined();
    await fence.renew();
    expect(fence.current).toBeUndefined();
    await time.advance(closedForMs);
    await fence.renew();
    await other.renew();
    expect(fence.current).toBeDefined();
    expect(fence.current).not.toBe(before);
    expect(other.current).toBe(fence.current);
  });

  it('closes again when it was reached anew while it was being closed', async () => {
    let closed = 0;
    const slow: CacheEpochRepository = {
      read: () => epochs.read(),
      close: async (ms) => {
        closed += 1;
        await epochs.close(ms);
        await time.wait(100);
      },
    };
    const fence = givenFence(slow);
    fence.reconnected();
    const renewed = fence.renew();
    await time.advance(50);
    fence.reconnected();
    await time.advance(50);
    await renewed;
    await durationOf(fence.renew());
    expect(closed).toBe(2);
  });
});
