import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';
import type { EntryStore, FilledEntry, PublishedEntry } from './entry-store.ts';
import { isFloor } from './entry-text.ts';

interface KeptEntry {
  readonly generation: number;
  readonly text: string;
  readonly written: Moment;
  /** Since when there was always some entry under this key. */
  readonly unbroken: Moment;
}

interface Moment {
  /** Number of the write: tells the order of what happens at one time. */
  readonly position: number;
  readonly time: number;
}

/** Bounds of a LocalEntryStore. */
export interface LocalEntryStoreOptions {
  readonly maxEntries: number;
  readonly longestLoadMs: number;
  readonly clock: Clock;
}

/** Entries in this process, the least recently used leaving first. */
export class LocalEntryStore implements EntryStore {
  readonly #entries: LRUCache<string, KeptEntry>;
  readonly #longestLoadMs: number;
  readonly #clock: Clock;
  #position = 0;
  /** When the youngest of all entries lost so far was written: whatever is older than that may be older than what was lost. */
  #lost: Moment = { position: 0, time: Number.NEGATIVE_INFINITY };

  constructor({ maxEntries, longestLoadMs, clock }: LocalEntryStoreOptions) {
    this.#longestLoadMs = longestLoadMs;
    this.#clock = clock;
    this.#entries = new LRUCache({
      max: maxEntries,
      perf: { now: clock },
      ttlResolution: 0,
      dispose: (entry, _key, reason) => {
        if (reason !== 'set') this.#lose(entry);
      },
    });
  }

  async read(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return keys.map((key) => this.#entries.get(key)?.text);
  }

  async write(entry: FilledEntry | PublishedEntry): Promise<void> {
    const held = this.#entries.get(entry.key);
    if (held !== undefined && held.generation > entry.generation) return;
    const isDoubtful = this.#isDoubtful(entry, held);
    const isSame = held?.generation === entry.generation && !isFloor(held.text);
    if (entry.kind === 'fill' && (isSame || isDoubtful)) return;
    this.#position += 1;
    const written = { position: this.#position, time: this.#clock() };
    const kept = {
      generation: entry.generation,
      text: entry.kind === 'publish' && isDoubtful ? entry.floor : entry.text,
      written,
      unbroken: held?.unbroken ?? written,
    };
    this.#entries.set(entry.key, kept, { ttl: Math.max(1, Math.ceil(entry.lifetimeMs)) });
  }

  position(): number {
    return this.#position;
  }

  #lose(entry: KeptEntry): void {
    this.#lost = {
      position: Math.max(this.#lost.position, entry.written.position),
      time: Math.max(this.#lost.time, entry.written.time),
    };
  }

  /** Whether a newer entry of this key may have been among those lost since the load, or the commit, began. */
  #isDoubtful(entry: FilledEntry | PublishedEntry, held: KeptEntry | undefined): boolean {
    if (entry.kind === 'fill')
      return this.#lost.position > entry.loadedSince && !(held && held.unbroken.position <= entry.loadedSince);
    const commitBegan = this.#clock() - this.#longestLoadMs;
    return this.#lost.time >= commitBegan && !(held && held.unbroken.time < commitBegan);
  }
}
