import { OverloadedError } from './user-errors.ts';

export interface ConcurrencyLimitOptions {
  /** How many pieces of work run at once. */
  readonly atOnce: number;
  /** How many more wait for their turn. */
  readonly mostWaiting: number;
}

/** Bounds work that would keep everything else from what it uses. Those that wait get their turn in their order. */
export class ConcurrencyLimit {
  readonly #options: ConcurrencyLimitOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: ConcurrencyLimitOptions) {
    this.#options = options;
  }

  /** @throws OverloadedError at once, when as many wait as may */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      // The turn is handed on; only without an heir is it given up.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #turn(): Promise<void> {
    const { atOnce, mostWaiting } = this.#options;
    if (this.#running < atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= mostWaiting) throw new OverloadedError();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
