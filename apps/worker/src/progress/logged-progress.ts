import type { Logger } from '@stowage/observability';
import type { Progress } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';

export interface LoggedProgressOptions {
  readonly log: Logger;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
  /** @default 10000 */
  readonly everyMs?: number;
}

/** A log line now and then, where nobody sits at a terminal. */
export class LoggedProgress implements Progress {
  readonly #log: Logger;
  readonly #meter: ProgressMeter;
  readonly #logging: NodeJS.Timeout;

  constructor({ log, now, everyMs = 10_000 }: LoggedProgressOptions) {
    this.#log = log;
    this.#meter = new ProgressMeter(now);
    this.#logging = setInterval(() => this.write(), everyMs);
    this.#logging.unref();
  }

  expect(total: number): void {
    this.#meter.expect(total);
  }

  advance(items: number): void {
    this.#meter.advance(items);
  }

  write(): void {
    const { done, total, itemsPerSecond, secondsLeft } = this.#meter.state;
    const rounded = { itemsPerSecond: Math.round(itemsPerSecond), secondsLeft: secondsLeft && Math.ceil(secondsLeft) };
    this.#log.info({ done, total, ...rounded }, 'job under way');
  }

  [Symbol.dispose](): void {
    clearInterval(this.#logging);
  }
}
