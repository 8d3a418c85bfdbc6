import type { AgreedEpoch, CacheEpochRepository } from './cache-epoch-repository.ts';

export class MemoryCacheEpochRepository implements CacheEpochRepository {
  readonly #now: () => number;
  #epoch = 1;
  #closedUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  async read(): Promise<AgreedEpoch> {
    return { epoch: this.#epoch, closed: this.#closedUntil > this.#now() };
  }

  async close(closedForMs: number): Promise<void> {
    this.#epoch += 1;
    this.#closedUntil = Math.max(this.#closedUntil, this.#now() + closedForMs);
  }
}
