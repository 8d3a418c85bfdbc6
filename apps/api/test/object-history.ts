/** What a reader can see of an object: undefined is its absence. */
export type Seen = string | undefined;

interface Write {
  readonly state: Seen;
  readonly startedAt: number;
  /** Infinity until it is acknowledged. */
  acknowledgedAt: number;
}

/**
 * The writes of one object as the clients know them, and whether a read agrees with them. A write is older than
 * another when it was acknowledged before the other began; of writes that overlap nobody knows which is newer.
 */
export class ObjectHistory {
  readonly #writes: Write[] = [{ state: undefined, startedAt: -1, acknowledgedAt: 0 }];
  #clock = 0;
  /** Writes acknowledged before this moment are older than one that was acknowledged. */
  #floor = 0;

  /** Runs a write; its resolution is the acknowledgement. */
  async write(state: Seen, perform: () => Promise<void>): Promise<void> {
    const write: Write = { state, startedAt: this.#tick(), acknowledgedAt: Infinity };
    this.#writes.push(write);
    await perform();
    write.acknowledgedAt = this.#tick();
    this.#floor = Math.max(this.#floor, write.startedAt);
  }

  /** Runs a read. @returns what is wrong with its answer, when it is older than what had been acknowledged as it began */
  async read(perform: () => Promise<Seen>): Promise<string | undefined> {
    const floor = this.#floor;
    const seen = await perform();
    const candidates = this.#writes.filter(({ state }) => state === seen);
    if (candidates.some(({ acknowledgedAt }) => acknowledgedAt >= floor)) return undefined;
    const last = this.#writes.findLast(({ startedAt }) => startedAt === floor);
    return `read ${String(seen)} although ${String(last?.state)} had been acknowledged`;
  }

  #tick(): number {
    return (this.#clock += 1);
  }
}
