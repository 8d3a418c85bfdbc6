import type { CacheEpoch } from '../versioned-cache.ts';

/** An epoch that tests open and close; shared by all who are handed it, so it changes for all at once. */
export class MemoryCacheEpoch implements CacheEpoch {
  #count = 1;
  #isOpen = true;

  get current(): string | undefined {
    return this.#isOpen ? `e${this.#count}` : undefined;
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Opens an epoch that never was before. */
  openNext(): void {
    this.#count += 1;
    this.#isOpen = true;
  }
}
