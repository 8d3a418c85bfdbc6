import type { ProgressState } from './progress.ts';

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** The rate is that of about the last ten seconds, so that it follows work that becomes slower or faster. */
const windowMs = 10_000;
const sampleEveryMs = 500;

/** Counts items and tells their rate and the time left. */
export class ProgressMeter {
  readonly #now: () => number;
  readonly #samples: Sample[];
  #done = 0;
  #total: number | undefined;

  /** @param now a clock in milliseconds that never goes back */
  constructor(now: () => number) {
    this.#now = now;
    this.#samples = [{ atMs: now(), done: 0 }];
  }

  expect(total: number): void {
    this.#total = total;
  }

  advance(items: number): void {
    this.#done += items;
    const atMs = this.#now();
    if (atMs - (this.#samples.at(-1)?.atMs ?? 0) < sampleEveryMs) return;
    this.#samples.push({ atMs, done: this.#done });
    while (this.#samples.length > 2 && atMs - (this.#samples[0]?.atMs ?? 0) > windowMs) this.#samples.shift();
  }

  get state(): ProgressState {
    const [oldest = { atMs: 0, done: 0 }] = this.#samples;
    const elapsedMs = this.#now() - oldest.atMs;
    const itemsPerSecond = elapsedMs > 0 ? ((this.#done - oldest.done) * 1000) / elapsedMs : 0;
    const total = this.#total;
    const left = total === undefined || itemsPerSecond === 0 ? undefined : Math.max(0, total - this.#done);
    return {
      done: this.#done,
      total,
      itemsPerSecond,
      secondsLeft: left === undefined ? undefined : left / itemsPerSecond,
    };
  }
}
