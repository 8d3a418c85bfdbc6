import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';
import type { EntryStore, EntryWrite } from './entry-store.ts';

interface KeptEntry {
  readonly generation: number;
  readonly text: string;
  readonly position: number;
}

/** Entries in this process, the least recently used leaving first. */
export class LocalEntryStore implements EntryStore {
  readonly #entries: LRUCache<string, KeptEntry>;
  #position = 0;
  /** When the youngest of all entries lost so far was written: a load that began earlier may be older than what was lost. */
  #youngestLost = 0;

  constructor(maxEntries: number, clock: Clock) {
    this.#entries = new LRUCache({
      max: maxEntries,
      perf: { now: clock },
      ttlResolution: 0,
      dispose: (entry, _key, reason) => {
        if (reason !== 'set') this.#youngestLost = Math.max(this.#youngestLost, entry.position);
      },
    });
  }

  async read(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return keys.map((key) => this.#entries.get(key)?.text);
  }

  async write({ key, generation, text, lifetimeMs, replacesEqual, loadedSince }: EntryWrite): Promise<void> {
    const held = this.#entries.get(key);
    if (held && (held.generation > generation || (held.generation === generation && !replacesEqual))) return;
    if (!held && loadedSince !== undefined && this.#youngestLost > loadedSince) return;
    this.#position += 1;
    this.#entries.set(key, { generation, text, position: this.#position }, { ttl: Math.max(1, Math.ceil(lifetimeMs)) });
  }

  position(): number {
    return this.#position;
  }
}
