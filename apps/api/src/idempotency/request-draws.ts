import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** What the draws of an execution follow from. */
export interface DrawsOrigin {
  /** 32 random bytes. */
  readonly seed: Uint8Array;
  readonly startedAt: Date;
}

/**
 * Where the services that create get ids, secrets and the time. Within `repeat` these follow from the seed: a second
 * execution of a request draws what the first one drew, so it makes the same row and can tell that it is there already.
 * Elsewhere they are new each time.
 */
export class RequestDraws {
  readonly #executions = new AsyncLocalStorage<DrawsOrigin & { drawn: number }>();

  /** Does the work with draws that follow from the origin, in the order in which they are drawn. */
  repeat<T>(origin: DrawsOrigin, work: () => Promise<T>): Promise<T> {
    return this.#executions.run({ ...origin, drawn: 0 }, work);
  }

  readonly now = (): Date => this.#executions.getStore()?.startedAt ?? new Date();

  /** A UUIDv7: ids order by the time they were made, and lists by ids. */
  readonly newId = (): string => {
    const execution = this.#executions.getStore();
    if (execution === undefined) return v7();
    return v7({ msecs: execution.startedAt.getTime(), random: this.#next(execution) });
  };

  /** 32 random bytes. */
  readonly newSecret = (): Buffer => {
    const execution = this.#executions.getStore();
    return execution === undefined ? randomBytes(32) : this.#next(execution);
  };

  #next(execution: DrawsOrigin & { drawn: number }): Buffer {
    execution.drawn += 1;
    return createHmac('sha256', execution.seed).update(`draw ${execution.drawn}`).digest();
  }
}
