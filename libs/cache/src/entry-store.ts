/** Where a VersionedCache keeps its entries as text. */
export interface EntryStore {
  /** Texts in the order of the keys, `undefined` where there is none. Rejects with CacheUnavailableError. */
  read(keys: readonly string[]): Promise<readonly (string | undefined)[]>;

  /**
   * Keeps the entry unless a newer one is there, as one atomic step. Resolves once it is certain that this or a newer one
   * is kept, or was dropped on purpose; rejects with CacheUnavailableError otherwise.
   */
  write(entry: FilledEntry | PublishedEntry): Promise<void>;

  /** Where in time the store is now; handed back as `loadedSince`. */
  position(): number;
}

interface EntryWrite {
  readonly key: string;
  readonly generation: number;
  readonly text: string;
  readonly lifetimeMs: number;
}

/** Does not replace a value of the same generation. Dropped where a newer one may have been there and lost since the load began. */
export interface FilledEntry extends EntryWrite {
  readonly kind: 'fill';
  readonly loadedSince: number;
}

/** Replaces a value of the same generation, and never is dropped. */
export interface PublishedEntry extends EntryWrite {
  readonly kind: 'publish';
  /** Kept in place of `text` where a newer one may have been there and lost of late. */
  readonly floor: string;
}
