/** What all processes agree on about the cache. */
export interface AgreedEpoch {
  readonly epoch: number;
  readonly closed: boolean;
}

export interface CacheEpochRepository {
  read(): Promise<AgreedEpoch>;
  /** Begins a new epoch, so that nobody reads again what was cached before, and keeps every process from using the cache for `closedForMs`. */
  close(closedForMs: number): Promise<void>;
}
