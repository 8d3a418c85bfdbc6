import type { Db, TransactionalDb } from '@stowage/db';
import type { WorkerStores } from '../src/job-set.ts';

/** Where a process kills itself: at its nth operation on a store, counted from 0. */
export interface KillPoint {
  readonly operation: number;
  /** `before` it is sent, `during` it, or `after` its answer. */
  readonly when: 'before' | 'during' | 'after';
}

const moments = ['before', 'during', 'after'] as const;

/** A random kill point within the first operations. */
export function randomKillPoint(operations: number, random: () => number = Math.random): KillPoint {
  const when = moments[Math.floor(random() * moments.length)] ?? 'during';
  return { operation: Math.floor(random() * operations), when };
}

/**
 * Kills its own process with SIGKILL at a point that it is told. Operations are statements, commits and calls of the
 * blob store. The answer of a killed operation may never come, and nothing after it happens, as when the kernel does it.
 */
export class KillSwitch {
  readonly #point: KillPoint | undefined;
  #operations = 0;

  constructor(point: KillPoint | undefined) {
    this.#point = point;
  }

  /** The same stores, whose every operation is counted. */
  watch(stores: WorkerStores): WorkerStores {
    if (this.#point === undefined) return stores;
    return { ...stores, db: this.#watchTransactionalDb(stores.db), blobs: this.#watchMethods(stores.blobs) };
  }

  async run<T>(operation: () => Promise<T>): Promise<T> {
    const point = this.#operations === this.#point?.operation ? this.#point : undefined;
    this.#operations += 1;
    if (point?.when === 'before') kill();
    const answer = operation();
    if (point?.when === 'during') setImmediate(kill);
    const value = await answer;
    if (point?.when === 'after') kill();
    return value;
  }

  #watchTransactionalDb(db: TransactionalDb): TransactionalDb {
    return {
      ...this.#watchDb(db),
      reader: this.#watchDb(db.reader),
      transaction: async (work, options) => {
        // A commit is an operation too: the one that decides.
        let committing: PromiseWithResolvers<void> | undefined;
        const done = db.transaction(async (tx) => {
          const result = await work(this.#watchDb(tx));
          committing = Promise.withResolvers();
          const { promise } = committing;
          void this.run(() => promise);
          return result;
        }, options);
        return await done.finally(() => committing?.resolve());
      },
    };
  }

  #watchDb(db: Db): Db {
    return {
      rows: (statement) => this.run(() => db.rows(statement)),
      row: (statement) => this.run(() => db.row(statement)),
      execute: (statement) => this.run(() => db.execute(statement)),
    };
  }

  /** Counts the calls of methods that answer promises. */
  #watchMethods<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const call = (): unknown => Reflect.apply(value, target, args);
          if (name === 'list' || name === 'multipart') return call();
          return this.run(async () => call());
        };
      },
    });
  }
}

function kill(): void {
  process.kill(process.pid, 'SIGKILL');
}
