/** A clock that stands still until it is turned. */
export class TurnableClock {
  #now: number;

  /** Starts well above 0, as real clocks do. */
  constructor(now = 1_000_000) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  advance(ms: number): void {
    this.#now += ms;
  }
}
