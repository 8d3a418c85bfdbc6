/** Options of a readiness check. */
export interface ReadinessCheckOptions {
  /**
   * After this time the check has failed, in milliseconds.
   * @default 2000
   */
  readonly timeoutMs?: number;
  /**
   * How long a check that has once succeeded may fail before readiness fails, in milliseconds. A grace keeps an
   * outage of a shared database from taking every replica out of the balancer at once. There is none at the start.
   * @default 0
   */
  readonly graceMs?: number;
  /**
   * Whether readiness depends on it; if not, it is only reported.
   * @default true
   */
  readonly critical?: boolean;
}

/** What the last run of a check found. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly critical: boolean;
  /** For how long it has been so, in milliseconds. */
  readonly sinceMs: number;
}

interface Settings extends ReadinessCheckOptions {
  readonly name: string;
  readonly check: (signal: AbortSignal) => Promise<unknown>;
  readonly cacheMs: number;
  readonly onChange: (change: { readonly name: string; readonly ok: boolean; readonly error?: unknown }) => void;
  readonly now: () => number;
}

/** One question of readiness: runs one at a time, remembers its result for a while and since when it holds. */
export class ReadinessCheck {
  readonly #settings: Settings;
  /** Undefined until the first run is over. */
  #ok: boolean | undefined;
  #since: number;
  #everOk = false;
  #checkedAt = -Infinity;
  #running: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#since = settings.now();
  }

  /** Runs the check unless a result is fresh; callers during a run share it. */
  refresh(): Promise<void> {
    const { now, cacheMs } = this.#settings;
    if (this.#running) return this.#running;
    if (now() - this.#checkedAt < cacheMs) return Promise.resolve();
    this.#running = this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  allowsTraffic(): boolean {
    const { critical = true, graceMs = 0, now } = this.#settings;
    if (!critical || this.#ok === true) return true;
    return this.#everOk && now() - this.#since < graceMs;
  }

  result(): CheckResult {
    const { name, critical = true, now } = this.#settings;
    return { name, ok: this.#ok === true, critical, sinceMs: Math.round(now() - this.#since) };
  }

  async #run(): Promise<void> {
    const outcome = await this.#attempt().then(
      () => ({ ok: true }),
      (error: unknown) => ({ ok: false, error }),
    );
    this.#record(outcome);
  }

  /** The check's own promise may hang although its signal was aborted; the race ends in time all the same. */
  async #attempt(): Promise<void> {
    const { name, check, timeoutMs = 2_000 } = this.#settings;
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`readiness check ${name} took longer than ${timeoutMs} ms`);
        abort.abort(error);
        reject(error);
      }, timeoutMs);
    });
    try {
      await Promise.race([check(abort.signal), deadline]);
    } finally {
      clearTimeout(timer);
    }
  }

  #record(outcome: { readonly ok: boolean; readonly error?: unknown }): void {
    const { name, now, onChange } = this.#settings;
    const { ok } = outcome;
    const before = this.#ok;
    this.#checkedAt = now();
    this.#everOk ||= ok;
    this.#ok = ok;
    if (ok === before) return;
    this.#since = this.#checkedAt;
    // That a check succeeds at the start is no news.
    if (before !== undefined || !ok) onChange({ name, ...outcome });
  }
}
