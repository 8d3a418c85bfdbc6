import type { Clock } from './clock.ts';

/** A value and how new it is. */
export interface Versioned<V> {
  /** A safe integer that grows with every change of what the key stands for, its removal included. */
  readonly generation: number;
  /** `undefined`: it is known that there is nothing. Shared by all who asked together: do not change it. */
  readonly value: V | undefined;
}

/**
 * The part of the key space that all processes use now. Entries of another epoch are never read, so a new epoch is how
 * everything cached is thrown away at once: after a loss of data in Redis, and when a publication could not be confirmed.
 *
 * Read-after-write across processes rests on two promises of whoever implements this:
 * 1. no two processes ever hold different epochs at the same time: between two epochs lies a time in which every process
 *    reads `undefined`;
 * 2. an epoch that was left for another one never comes back.
 */
export interface CacheEpoch {
  /** `undefined`: the cache must not be used now; reads miss, fills are dropped, publications reject. Without a colon. */
  readonly current: string | undefined;
}

/** Remembers when a load began, so that what it finds is dropped if it could be out of date by the time it is filled in. */
export interface LoadMark {
  readonly epoch: string | undefined;
  readonly position: number;
}

/** How to publish. */
export interface PublishOptions {
  /** Keep the entry exactly this long, in ms; longer than `longestLoadMs`. @default the cache's jittered lifetime */
  readonly lifetimeMs?: number;
}

/**
 * A cache aside of a database. An older generation never replaces a newer one, whoever comes first.
 *
 * After `publish` has resolved, no call of `getMany` or `getOrLoad` that starts later, in any process, answers an older generation.
 */
export interface VersionedCache<V> {
  /**
   * One entry for each key, in order; `undefined` where there is none, where the cache cannot be reached, and where the epoch is
   * closed. One round trip, also together with what else is asked in the same turn of the event loop. Never rejects.
   */
  getMany(keys: readonly string[]): Promise<readonly (Versioned<V> | undefined)[]>;

  /**
   * The entry, or what `load` finds; `load` must end by itself. Those who ask at the same time share one load, unless it may have begun before
   * a change that the later of them must see. Rejects with what `load` rejects with, and for no other reason.
   */
  getOrLoad(key: string, load: () => Promise<Versioned<V>>): Promise<Versioned<V>>;

  /** Call it before loading what goes to `fill`. */
  beginLoad(): LoadMark;

  /**
   * Remembers what was loaded, unless the same or a newer generation is there, or the epoch changed since the mark. Best effort:
   * never rejects. Without a mark the entry counts as loaded this very moment; that is only true of what was never awaited.
   */
  fill(key: string, entry: Versioned<V>, loadedSince?: LoadMark): Promise<void>;

  /**
   * Call it after the commit that made the entry true. For `longestLoadMs` after a change of epoch it only keeps older entries
   * out, and the next reader loads: a newer entry may have been published before the change. Rejects with CacheUnavailableError when the cache did not confirm: older
   * entries may then still be read, and the caller must open a new epoch before it reports success. Rejects with RangeError when
   * the generation or the lifetime is out of bounds.
   */
  publish(key: string, entry: Versioned<V>, options?: PublishOptions): Promise<void>;
}

/** Values to text and back. */
export interface ValueCodec<V> {
  encode(value: V): string;
  /** May throw when the text is not of this codec: the entry is then loaded anew. */
  decode(text: string): V;
}

/** What both kinds of cache are told. */
export interface VersionedCacheOptions<V> {
  /** Starts every key: letters, digits, `-`, `_` and `.`. Change it when the shape of the values changes. */
  readonly prefix: string;
  /** How long an entry is kept, in ms; at random up to a fifth less, so that what was filled together does not end together. @default 600000 */
  readonly lifetimeMs?: number;
  /** The same for what is filled in as known absent; 0 keeps none. Publications keep `lifetimeMs`. @default lifetimeMs */
  readonly absentLifetimeMs?: number;
  /**
   * A load that took longer is not filled in, nor joined; nor may it take longer from the start of a commit to its publication.
   * In ms, less than 4/5 of `lifetimeMs`. @default 10000
   */
  readonly longestLoadMs?: number;
  /** @default JSON, which turns dates into text and drops undefined */
  readonly codec?: ValueCodec<V>;
  /** From 0 to below 1, for the jitter. @default Math.random */
  readonly random?: () => number;
  /** A clock that does not jump, in ms and above 0. @default performance.now */
  readonly clock?: Clock;
}

/** An epoch that never changes: right where nothing can be lost, or where reading an old value for one lifetime does no harm. */
export function fixedEpoch(name: string): CacheEpoch {
  return { current: name };
}
