/** Which flights under way a caller may join. */
export interface JoinOptions {
  /** Only flights begun with the same mark. @default '' */
  readonly mark?: string;
  /** Only flights begun at most this long ago, in ms. @default any */
  readonly youngerThanMs?: number;
}

interface Flight<V> {
  readonly mark: string;
  readonly begunAt: number;
  readonly landing: Promise<V>;
}

/** Many askers, one fetch. What one flight answers or rejects with goes to all who joined it; nothing is kept afterwards. */
export class SingleFlight<V> {
  readonly #flights = new Map<string, Flight<V>>();
  readonly #boarding = new Map<string, Promise<V>>();

  /** Joins the flight under way for `key`, or begins one. */
  join(key: string, fetch: () => Promise<V>, { mark = '', youngerThanMs = Infinity }: JoinOptions = {}): Promise<V> {
    const flight = this.#flights.get(key);
    const joins = flight?.mark === mark && performance.now() - flight.begunAt < youngerThanMs;
    return joins ? flight.landing : this.#begin(key, fetch, mark);
  }

  /**
   * Joins a flight that begins after this call: at once where none is under way, else when that one has landed. For
   * answers that must not be older than the question.
   */
  joinNext(key: string, fetch: () => Promise<V>): Promise<V> {
    const boarding = this.#boarding.get(key);
    if (boarding !== undefined) return boarding;
    const flight = this.#flights.get(key);
    if (flight === undefined) return this.#begin(key, fetch, '');
    const begin = (): Promise<V> => {
      this.#boarding.delete(key);
      return this.#begin(key, fetch, '');
    };
    const next = flight.landing.then(begin, begin);
    this.#boarding.set(key, next);
    return next;
  }

  /** Lets nobody join the flight under way any more. Those who did still get its answer. */
  forget(key: string): void {
    this.#flights.delete(key);
  }

  #begin(key: string, fetch: () => Promise<V>, mark: string): Promise<V> {
    const landing = fetch().finally(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    const flight: Flight<V> = { mark, begunAt: performance.now(), landing };
    this.#flights.set(key, flight);
    return landing;
  }
}
