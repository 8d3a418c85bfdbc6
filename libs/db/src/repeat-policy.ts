import { DatabaseUnavailableError, SerializationError } from './database-errors.ts';
import type { UnavailableReason } from './database-errors.ts';

/** What a failed attempt calls for. */
export interface Verdict {
  /** Why the attempt failed. */
  readonly error: unknown;
  /** The attempt had no effect, or having it twice is fine. */
  readonly harmless: boolean;
}

export interface RepeatPolicyOptions {
  readonly maxRepeats: number;
  readonly repeatWithinMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Reasons that another connection, or the same a moment later, may cure. A full pool is none: repeating would fill it more. */
const PASSING: readonly UnavailableReason[] = [
  'connect-failed',
  'connect-timeout',
  'too-many-connections',
  'shutting-down',
  'connection-lost',
  'no-answer',
  'read-only',
  'stale-statement',
];

const FIRST_OUTAGE_PAUSE_MS = 20;
const FIRST_CONTENTION_PAUSE_MS = 4;
const BUDGET_MAX = 100;
/** In an outage repeats add at most a tenth to the load, once the first few are used up. */
const BUDGET_PER_RUN = 0.1;

/** Repeats what failed for a passing reason: a few times, with growing random pauses, within a limit of time. */
export class RepeatPolicy {
  readonly #options: RepeatPolicyOptions;
  #budget = BUDGET_MAX;

  constructor(options: RepeatPolicyOptions) {
    this.#options = options;
  }

  /**
   * Runs attempts until one succeeds or none may follow; rejects with what the last one rejected with.
   * `judge` is asked after each failure, `onRepeat` told before each repeat.
   */
  async run<T>(
    attempt: () => Promise<T>,
    judge: (thrown: unknown) => Verdict,
    onRepeat: (error: unknown) => void,
  ): Promise<T> {
    const { now, repeatWithinMs } = this.#options;
    const startedAt = now();
    this.#budget = Math.min(BUDGET_MAX, this.#budget + BUDGET_PER_RUN);
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await attempt();
      } catch (thrown) {
        const verdict = judge(thrown);
        const pauseMs = this.#pauseMs(verdict.error, repeats);
        if (!this.#mayRepeat(verdict, repeats) || now() - startedAt + pauseMs > repeatWithinMs) throw thrown;
        onRepeat(verdict.error);
        if (pauseMs > 0) await this.#options.sleep(pauseMs);
      }
    }
  }

  #mayRepeat({ error, harmless }: Verdict, repeats: number): boolean {
    if (!harmless || repeats >= this.#options.maxRepeats) return false;
    if (error instanceof SerializationError) return true;
    if (!(error instanceof DatabaseUnavailableError) || !PASSING.includes(error.reason) || this.#budget < 1)
      return false;
    this.#budget -= 1;
    return true;
  }

  /** A pooled connection that was dead is replaced at once; a server that is away, or contention, gets time. */
  #pauseMs(error: unknown, repeats: number): number {
    const deadConnection = error instanceof DatabaseUnavailableError && error.reason === 'connection-lost';
    if (repeats === 0 && deadConnection) return 0;
    const firstPauseMs = error instanceof SerializationError ? FIRST_CONTENTION_PAUSE_MS : FIRST_OUTAGE_PAUSE_MS;
    return firstPauseMs * 2 ** repeats * (0.5 + this.#options.random());
  }
}
