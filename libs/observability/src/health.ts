import { ReadinessCheck } from './readiness-check.ts';
import type { CheckResult, ReadinessCheckOptions } from './readiness-check.ts';

/** What the orchestrator restarts a process by: it answers, therefore it lives. */
export interface Liveness {
  readonly live: true;
}

/** Whether the balancer may send requests. */
export interface Readiness {
  readonly ready: boolean;
  readonly draining: boolean;
  readonly checks: readonly CheckResult[];
}

/** Options of {@link Health}. */
export interface HealthOptions {
  /**
   * How long a result is answered again without checking, in milliseconds.
   * @default 1000
   */
  readonly cacheMs?: number;
  /**
   * Told when a check begins to fail, with its error, and when it succeeds again; for one log line per change.
   * @default nothing is told
   */
  readonly onChange?: (change: { readonly name: string; readonly ok: boolean; readonly error?: unknown }) => void;
  /**
   * A clock in milliseconds that never goes back.
   * @default performance.now
   */
  readonly now?: () => number;
}

/**
 * Liveness and readiness. Liveness never asks a dependency, for a restart does not mend a database. Readiness asks each
 * check at most once in `cacheMs`, however many ask at the same time, so that probes never become load.
 */
export class Health {
  readonly #checks: ReadinessCheck[] = [];
  readonly #options: Required<HealthOptions>;
  #draining = false;

  constructor(options: HealthOptions = {}) {
    const { cacheMs = 1_000, onChange = () => undefined, now = () => performance.now() } = options;
    this.#options = { cacheMs, onChange, now };
  }

  /**
   * Adds a question that readiness asks: `check` rejects when the dependency cannot be used, and must honour its signal,
   * which is aborted after `timeoutMs`.
   */
  addReadinessCheck(
    name: string,
    check: (signal: AbortSignal) => Promise<unknown>,
    options: ReadinessCheckOptions = {},
  ): void {
    this.#checks.push(new ReadinessCheck({ name, check, ...options, ...this.#options }));
  }

  /** Whether {@link startDraining} was called. */
  get draining(): boolean {
    return this.#draining;
  }

  /** From now on not ready, at once and for good; liveness stays. */
  startDraining(): void {
    this.#draining = true;
  }

  liveness(): Liveness {
    return { live: true };
  }

  /** Never rejects; takes at most the longest `timeoutMs` of the checks. */
  async readiness(): Promise<Readiness> {
    if (this.#draining) return this.#summary();
    await Promise.all(this.#checks.map((check) => check.refresh()));
    return this.#summary();
  }

  #summary(): Readiness {
    const ready = !this.#draining && this.#checks.every((check) => check.allowsTraffic());
    return { ready, draining: this.#draining, checks: this.#checks.map((check) => check.result()) };
  }
}
