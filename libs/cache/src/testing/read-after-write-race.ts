import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { CacheUnavailableError } from '../cache-errors.ts';
import type { Versioned, VersionedCache } from '../versioned-cache.ts';

/** Readers and writers of a few keys over several caches, which stand for as many processes. */
export interface ReadAfterWriteRace {
  readonly caches: readonly VersionedCache<string>[];
  readonly keys: readonly string[];
  /** Whether to stop after so many reads and writes. */
  readonly isOver: (rounds: number) => boolean;
  /** What a writer does that could not publish: opens a new epoch, in all processes, before it reports success. */
  readonly fence: () => void;
}

/** What happened. `violations` says, for each, what was read and what had been acknowledged before the read began. */
export interface RaceOutcome {
  readonly violations: readonly string[];
  readonly rounds: number;
  readonly loads: number;
  readonly hits: number;
  readonly fences: number;
}

const RUNNERS = 16;

/** Plays the race. The database is a map; between its read and the answer, as between commit and publication, time passes. */
export async function playReadAfterWriteRace(race: ReadAfterWriteRace): Promise<RaceOutcome> {
  const play = new Play(race);
  await Promise.all(Array.from({ length: RUNNERS }, () => play.run()));
  return play;
}

class Play implements RaceOutcome {
  readonly violations: string[] = [];
  rounds = 0;
  loads = 0;
  hits = 0;
  fences = 0;
  readonly #race: ReadAfterWriteRace;
  readonly #committed = new Map<string, number>();
  readonly #acknowledged = new Map<string, number>();

  constructor(race: ReadAfterWriteRace) {
    this.#race = race;
  }

  async run(): Promise<void> {
    while (!this.#race.isOver(this.rounds)) {
      this.rounds += 1;
      const cache = pick(this.#race.caches);
      const key = pick(this.#race.keys);
      if (Math.random() < 0.2) await this.#write(cache, key);
      else await this.#read(cache, key);
    }
  }

  async #write(cache: VersionedCache<string>, key: string): Promise<void> {
    await aMoment();
    const generation = this.#now(key) + 1;
    this.#committed.set(key, generation);
    await aMoment();
    try {
      await cache.publish(key, { generation, value: `value ${generation}` });
    } catch (error) {
      if (!(error instanceof CacheUnavailableError)) throw error;
      this.fences += 1;
      this.#race.fence();
    }
    this.#acknowledged.set(key, Math.max(generation, this.#acknowledged.get(key) ?? 0));
  }

  async #read(cache: VersionedCache<string>, key: string): Promise<void> {
    const atLeast = this.#acknowledged.get(key) ?? 0;
    const before = this.loads;
    const seen =
      Math.random() < 0.5 ? await cache.getOrLoad(key, () => this.#load(key)) : await this.#readApart(cache, key);
    if (this.loads === before) this.hits += 1;
    if (seen.generation < atLeast) this.violations.push(`${key}: ${seen.generation} after ${atLeast}`);
  }

  /** As a caller does that loads several things with one statement. */
  async #readApart(cache: VersionedCache<string>, key: string): Promise<Versioned<string>> {
    const [held] = await cache.getMany([key]);
    if (held !== undefined) return held;
    const mark = cache.beginLoad();
    const entry = await this.#load(key);
    void cache.fill(key, entry, mark);
    return entry;
  }

  async #load(key: string): Promise<Versioned<string>> {
    this.loads += 1;
    await aMoment();
    const generation = this.#now(key);
    await aMoment();
    return { generation, value: `value ${generation}` };
  }

  #now(key: string): number {
    return this.#committed.get(key) ?? 0;
  }
}

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}

/** Mostly nothing or one turn of the event loop, sometimes some milliseconds: the long ones let others overtake. */
async function aMoment(): Promise<void> {
  const chance = Math.random();
  if (chance < 0.3) return;
  await (chance < 0.8 ? nextTurn() : sleep(chance < 0.98 ? 1 : 8));
}
