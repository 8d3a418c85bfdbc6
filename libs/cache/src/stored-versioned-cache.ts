import { CacheUnavailableError } from './cache-errors.ts';
import { monotonicClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { assertGeneration, decodeEntry, encodeEntry, encodeFloor, jsonCodec } from './entry-text.ts';
import type { EntryStore } from './entry-store.ts';
import { SingleFlight } from './single-flight.ts';
import type { CacheEpoch, LoadMark, PublishOptions, ValueCodec } from './versioned-cache.ts';
import type { Versioned, VersionedCache, VersionedCacheOptions } from './versioned-cache.ts';

const JITTER = 0.2;
const PREFIX = /^[\w.-]+$/;
/** The epoch may move on while a publication is under way; an epoch that does so more often is out of order. */
const PUBLISH_TRIES = 3;

/** `unknown`: something newer than what is under way may have been published. */
type Found<V> = Versioned<V> | 'missing' | 'unknown';

const DEFAULT_LIFETIME_MS = 600_000;
/** Default of `longestLoadMs`, which stores are told as well. */
export const DEFAULT_LONGEST_LOAD_MS = 10_000;

/** The rules of VersionedCache over any store of entries. */
export class StoredVersionedCache<V> implements VersionedCache<V> {
  readonly #store: EntryStore;
  readonly #epoch: CacheEpoch;
  readonly #prefix: string;
  readonly #lifetimeMs: number;
  readonly #absentLifetimeMs: number;
  readonly #longestLoadMs: number;
  readonly #codec: ValueCodec<V>;
  readonly #random: () => number;
  readonly #clock: Clock;
  readonly #loads = new SingleFlight<Versioned<V>>();
  #seenEpoch: string | undefined;
  #seenSince = Number.NEGATIVE_INFINITY;

  /** Throws RangeError when an option is out of its bounds. */
  protected constructor(store: EntryStore, epoch: CacheEpoch, options: VersionedCacheOptions<V>) {
    this.#store = store;
    this.#epoch = epoch;
    this.#prefix = options.prefix;
    this.#lifetimeMs = options.lifetimeMs ?? DEFAULT_LIFETIME_MS;
    this.#absentLifetimeMs = options.absentLifetimeMs ?? this.#lifetimeMs;
    this.#longestLoadMs = options.longestLoadMs ?? DEFAULT_LONGEST_LOAD_MS;
    this.#codec = options.codec ?? jsonCodec();
    this.#random = options.random ?? Math.random;
    this.#clock = options.clock ?? monotonicClock;
    this.#seenEpoch = epoch.current;
    if (!PREFIX.test(this.#prefix)) throw new RangeError('A prefix has letters, digits, "-", "_" and "." only.');
    if (this.#longestLoadMs >= this.#lifetimeMs * (1 - JITTER))
      throw new RangeError('lifetimeMs must leave room for a load of longestLoadMs.');
  }

  async getMany(keys: readonly string[]): Promise<readonly (Versioned<V> | undefined)[]> {
    const found = await this.#find(this.#currentEpoch(), keys);
    return found.map((entry) => (typeof entry === 'string' ? undefined : entry));
  }

  async getOrLoad(key: string, load: () => Promise<Versioned<V>>): Promise<Versioned<V>> {
    const epoch = this.#currentEpoch();
    const [found = 'unknown'] = await this.#find(epoch, [key]);
    if (typeof found === 'object') return found;
    const fetch = (): Promise<Versioned<V>> => this.#loadAndFill(key, load);
    // Nothing under this key was confirmed before this caller looked, in any process: else it would have been found. So a
    // load that began earlier, but in the same epoch, has missed nothing the caller must see.
    if (found === 'missing' && epoch !== undefined)
      return this.#loads.join(key, fetch, { mark: epoch, youngerThanMs: this.#longestLoadMs });
    // Blind: other processes may have changed the value since an earlier load began. A load of its own for each caller
    // would let the whole traffic through to the database, so they share the next one.
    return this.#loads.joinNext(key, fetch);
  }

  beginLoad(): LoadMark {
    return { epoch: this.#currentEpoch(), position: this.#store.position() };
  }

  async fill(key: string, entry: Versioned<V>, loadedSince = this.beginLoad()): Promise<void> {
    this.#loads.forget(key);
    await this.#keepLoaded(key, entry, loadedSince);
  }

  async publish(key: string, entry: Versioned<V>, { lifetimeMs }: PublishOptions = {}): Promise<void> {
    assertGeneration(entry.generation);
    if (lifetimeMs !== undefined && lifetimeMs <= this.#longestLoadMs)
      throw new RangeError('What is published must outlive a load of longestLoadMs.');
    const text = encodeEntry(entry, this.#codec);
    const floor = encodeFloor(entry.generation);
    this.#loads.forget(key); // what it reads may be from before the commit
    for (let tries = 0; tries < PUBLISH_TRIES; tries += 1) {
      const epoch = this.#currentEpoch();
      if (epoch === undefined) throw new CacheUnavailableError('closed', 'The cache epoch is closed.');
      await this.#store.write({
        kind: 'publish',
        key: this.#keyIn(epoch, key),
        generation: entry.generation,
        // A new epoch knows nothing of what was published before it. If this commit is from then, a newer one may be, too.
        text: this.#isEpochNew() ? floor : text,
        floor,
        lifetimeMs: lifetimeMs ?? this.#jittered(this.#lifetimeMs),
      });
      if (this.#currentEpoch() === epoch) return;
    }
    throw new CacheUnavailableError('closed', 'The cache epoch changes too often.');
  }

  async #loadAndFill(key: string, load: () => Promise<Versioned<V>>): Promise<Versioned<V>> {
    const mark = this.beginLoad();
    const entry = await load();
    void this.#keepLoaded(key, entry, mark);
    return entry;
  }

  async #keepLoaded(key: string, entry: Versioned<V>, { epoch, position }: LoadMark): Promise<void> {
    const lifetimeMs = entry.value === undefined ? this.#absentLifetimeMs : this.#lifetimeMs;
    if (epoch === undefined || epoch !== this.#currentEpoch() || lifetimeMs === 0) return;
    try {
      assertGeneration(entry.generation);
      await this.#store.write({
        kind: 'fill',
        key: this.#keyIn(epoch, key),
        generation: entry.generation,
        text: encodeEntry(entry, this.#codec),
        lifetimeMs: this.#jittered(lifetimeMs),
        loadedSince: position,
      });
    } catch {
      // A value that is not cached is loaded again; the client has reported why.
    }
  }

  async #find(epoch: string | undefined, keys: readonly string[]): Promise<readonly Found<V>[]> {
    if (epoch === undefined) return keys.map(() => 'unknown');
    try {
      const texts = await this.#store.read(keys.map((key) => this.#keyIn(epoch, key)));
      return texts.map((text) => (text === undefined ? 'missing' : (decodeEntry(text, this.#codec) ?? 'unknown')));
    } catch {
      return keys.map(() => 'unknown');
    }
  }

  #currentEpoch(): string | undefined {
    const { current } = this.#epoch;
    if (current !== undefined && current !== this.#seenEpoch) {
      this.#seenEpoch = current;
      this.#seenSince = this.#clock();
    }
    return current;
  }

  /** The epoch at construction is not new: whatever this process commits it commits later. */
  #isEpochNew(): boolean {
    return this.#clock() - this.#seenSince <= this.#longestLoadMs;
  }

  #keyIn(epoch: string, key: string): string {
    return `${this.#prefix}:${epoch}:${key}`;
  }

  #jittered(lifetimeMs: number): number {
    return lifetimeMs * (1 - JITTER * this.#random());
  }
}
