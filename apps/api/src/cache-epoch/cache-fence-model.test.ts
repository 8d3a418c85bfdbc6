import { describe, expect, it } from '@jest/globals';
import { CacheUnavailableError } from '@stowage/cache';
import { captureLogs } from '@stowage/observability/testing';
import fc from 'fast-check';
import { VirtualTime } from '../../test/virtual-time.ts';
import type { CacheEpochRepository } from './cache-epoch-repository.ts';
import { CacheFence } from './cache-fence.ts';
import { MemoryCacheEpochRepository } from './memory-cache-epoch-repository.ts';

/** How the database treats the next question: so slowly before it runs and after, or with a lost answer. */
interface DatabaseMood {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly fails: 'no' | 'before' | 'after';
}

/** Several processes over one database and one cache, of which each may lose the way to the cache. One value is kept. */
class Installation {
  readonly #time = new VirtualTime();
  readonly #epochs = new MemoryCacheEpochRepository(this.#time.now);
  #cache = new Map<string, number>();
  /** Lacks the last write. */
  #replica = new Map<string, number>();
  readonly #processes: { readonly fence: CacheFence; connected: boolean }[];
  #mood: DatabaseMood = { beforeMs: 0, afterMs: 0, fails: 'no' };
  #committed = 0;
  #acknowledged = 0;
  readonly #writes: Promise<unknown>[] = [];
  /** Reads that got an older value than one that had been acknowledged before. */
  readonly staleReads: string[] = [];

  constructor(processes: number) {
    const epochs: CacheEpochRepository = {
      read: () => this.#askDatabase(() => this.#epochs.read()),
      close: (ms) => this.#askDatabase(() => this.#epochs.close(ms)),
    };
    const { logger: log } = captureLogs({ level: 'silent' });
    const { now, wait } = this.#time;
    this.#processes = Array.from({ length: processes }, () => ({
      fence: new CacheFence({ epochs, log, now, wait }),
      connected: true,
    }));
  }

  renew(): void {
    for (const { fence } of this.#processes) void fence.renew();
  }

  write(index: number): void {
    const { fence } = this.#process(index);
    this.#replica = new Map(this.#cache);
    const value = (this.#committed += 1);
    const published = fence.publish(async () => {
      const epoch = this.#epochOf(index);
      if (epoch === undefined) throw new CacheUnavailableError('disconnected', 'no way to the cache');
      this.#cache.set(epoch, Math.max(value, this.#cache.get(epoch) ?? 0));
    });
    const acknowledge = (): void => {
      this.#acknowledged = Math.max(this.#acknowledged, value);
    };
    this.#writes.push(published.then(acknowledge, () => undefined));
  }

  read(index: number): void {
    const epoch = this.#epochOf(index);
    if (epoch === undefined) return; // from the database, which is never old
    const value = this.#cache.get(epoch) ?? this.#committed;
    this.#cache.set(epoch, value);
    if (value < this.#acknowledged) this.staleReads.push(`${value} after ${this.#acknowledged} at ${this.#time.now()}`);
  }

  cut(index: number): void {
    this.#process(index).connected = false;
  }

  heal(): void {
    for (const process of this.#processes.filter(({ connected }) => !connected)) {
      process.connected = true;
      process.fence.reconnected();
    }
  }

  /** The replica takes over, with what it has; every process must connect anew. */
  failOver(): void {
    this.#cache = new Map(this.#replica);
    for (const process of this.#processes) process.connected = false;
  }

  setMood(mood: DatabaseMood): void {
    this.#mood = mood;
  }

  async advance(ms: number): Promise<void> {
    await this.#time.advance(ms);
  }

  /** Lets every write come to its end. */
  async finish(): Promise<number> {
    this.setMood({ beforeMs: 0, afterMs: 0, fails: 'no' });
    await this.#time.advance(120_000);
    await Promise.all(this.#writes);
    return this.#acknowledged;
  }

  #process(index: number): { readonly fence: CacheFence; connected: boolean } {
    const process = this.#processes[index % this.#processes.length];
    if (process === undefined) throw new RangeError('There are no processes');
    return process;
  }

  #epochOf(index: number): string | undefined {
    const { fence, connected } = this.#process(index);
    return connected ? fence.current : undefined;
  }

  async #askDatabase<T>(question: () => Promise<T>): Promise<T> {
    const { beforeMs, afterMs, fails } = this.#mood;
    if (beforeMs > 0) await this.#time.wait(beforeMs);
    if (fails === 'before') throw new Error('The database is away');
    const answer = await question();
    if (afterMs > 0) await this.#time.wait(afterMs);
    if (fails === 'after') throw new Error('The answer was lost');
    return answer;
  }
}

const someProcess = fc.nat(2);
const stretches = [1, 100, 400, 1_000, 2_000, 5_000, 13_000];
const mood = fc.record({
  beforeMs: fc.constantFrom(0, 100, 3_000, 12_000),
  afterMs: fc.constantFrom(0, 100, 3_000, 12_000),
  fails: fc.constantFrom('no', 'no', 'before', 'after'),
} as const);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('read' as const, 'write' as const), index: someProcess }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), index: someProcess }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('renew' as const, 'heal' as const, 'failOver' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mood' as const), mood }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.constantFrom(...stretches) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function play(installation: Installation, played: Step): Promise<void> {
  if (played.kind === 'advance') await installation.advance(played.ms);
  else if (played.kind === 'mood') installation.setMood(played.mood);
  else if ('index' in played) installation[played.kind](played.index);
  else installation[played.kind]();
  await installation.advance(0);
}

describe('processes behind their fences', () => {
  it('never read an older value than one that was acknowledged, whatever breaks and however slow the database is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }), async (steps) => {
        const installation = new Installation(3);
        installation.renew();
        for (const played of steps) await play(installation, played);
        await installation.finish();
        expect(installation.staleReads).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('acknowledge every write in the end when the database answers', async () => {
    const installation = new Installation(2);
    installation.cut(0);
    for (let write = 0; write < 5; write += 1) {
      installation.write(0);
      installation.write(1);
      await installation.advance(700);
    }
    expect(await installation.finish()).toBe(10);
  });
});
