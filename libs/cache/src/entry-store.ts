/** Where a VersionedCache keeps its entries as text. */
export interface EntryStore {
  /** Texts in the order of the keys, `undefined` where there is none. Rejects with CacheUnavailableError. */
  read(keys: readonly string[]): Promise<readonly (string | undefined)[]>;

  /**
   * Keeps the entry unless a newer one is there, as one atomic step. Resolves once it is certain that this or a newer
   * one is kept, or was dropped on purpose; rejects with CacheUnavailableError otherwise.
   */
  write(entry: EntryWrite): Promise<void>;

  /** Where in time the store is now; handed back by `loadedSince`. */
  position(): number;
}

/** One entry to be kept. */
export interface EntryWrite {
  readonly key: string;
  readonly generation: number;
  readonly text: string;
  readonly lifetimeMs: number;
  /** Whether it replaces one of the same generation: yes when published, no when filled. */
  readonly replacesEqual: boolean;
  /** When the load began. The store drops the entry if it may have lost a newer one since. */
  readonly loadedSince?: number | undefined;
}
