import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryResult } from 'pg';
import { ConnectionPool } from './connection-pool.ts';
import type { PoolStats } from './connection-pool.ts';
import { DatabaseError, DatabaseUnavailableError } from './database-errors.ts';
import type { Db, TransactionalDb, TransactionOptions } from './db.ts';
import { withDefaults } from './pg-db-options.ts';
import type { PgDbOptions, Recovery } from './pg-db-options.ts';
import { PooledDb } from './pooled-db.ts';
import { ReaderDb } from './reader-db.ts';
import { RepeatPolicy } from './repeat-policy.ts';
import { sql } from './sql.ts';
import type { SqlStatement } from './sql.ts';
import { StatementDb } from './statement-db.ts';
import { StatementNames } from './statement-names.ts';
import { TransactionScope } from './transaction-scope.ts';

interface PgDbParts {
  readonly pool: ConnectionPool;
  readonly readerPool: ConnectionPool | undefined;
  readonly names: StatementNames;
  readonly policy: RepeatPolicy;
  readonly primary: PooledDb;
  readonly reader: Db;
  readonly onRecovery: (recovery: Recovery) => void;
}

/** PostgreSQL behind a pool: every wait has an end, every error is this library's, every statement is prepared by name. */
export class PgDb extends StatementDb implements TransactionalDb, AsyncDisposable {
  readonly #parts: PgDbParts;

  private constructor(parts: PgDbParts) {
    super();
    this.#parts = parts;
  }

  /**
   * Does no I/O: the first statement connects.
   * @throws {TypeError} when a URL is malformed
   * @throws {RangeError} when deadlines contradict each other
   */
  static open(options: PgDbOptions): PgDb {
    const { connection, maxRepeats, repeatWithinMs, readerRetryAfterMs, onRecovery, ...pooled } = withDefaults(options);
    const names = new StatementNames();
    const now = (): number => performance.now();
    const policy = new RepeatPolicy({ maxRepeats, repeatWithinMs, now, random: Math.random, sleep });
    const pool = new ConnectionPool(connection, { ...pooled, readOnly: false });
    const primary = new PooledDb({ pool, names, policy, onRecovery });
    const { readerConnection } = options;
    const readerPool = readerConnection && new ConnectionPool(readerConnection, { ...pooled, readOnly: true });
    const replica = readerPool && new PooledDb({ pool: readerPool, names, policy, onRecovery });
    const reader = new ReaderDb({ primary, replica, retryAfterMs: readerRetryAfterMs, now, onRecovery });
    return new PgDb({ pool, readerPool, names, policy, primary, reader, onRecovery });
  }

  get reader(): Db {
    return this.#parts.reader;
  }

  /** Numbers of the primary's pool. */
  get stats(): PoolStats {
    return this.#parts.pool.stats;
  }

  /** Numbers of the replica's pool, where there is one. */
  get readerStats(): PoolStats | undefined {
    return this.#parts.readerPool?.stats;
  }

  /**
   * Asks the primary for an answer, once.
   * @throws {DatabaseUnavailableError} when it cannot be used
   */
  async ping(): Promise<void> {
    await this.#parts.primary.runOnce(sql('db_ping')`select 1`);
  }

  async transaction<T>(work: (db: Db) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { policy, onRecovery } = this.#parts;
    let failure: unknown;
    let started = false;
    const attempt = async (): Promise<T> => {
      failure = undefined;
      started = false;
      const connection = await this.#parts.pool.acquire();
      const scope = new TransactionScope(connection, this.#parts.names, options.readOnly ?? false);
      try {
        await scope.begin(options);
        started = true;
        return await runIn(scope, work);
      } finally {
        failure = scope.failure;
        connection.release();
      }
    };
    return policy.run(
      attempt,
      (thrown) => {
        const error = failure ?? thrown;
        const inDoubt = error instanceof DatabaseUnavailableError && error.mayHaveRun;
        return { error, harmless: !inDoubt && (!started || options.repeatable === true) };
      },
      (error) => {
        if (error instanceof DatabaseError)
          onRecovery({ action: 'transaction repeated', statement: error.statement, error });
      },
    );
  }

  /** Lets work under way finish until `closeTimeoutMs`, then cuts it off. May be called again; never rejects. */
  async close(): Promise<void> {
    await Promise.all([this.#parts.pool.close(), this.#parts.readerPool?.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  protected run(statement: SqlStatement): Promise<QueryResult> {
    return this.#parts.primary.run(statement);
  }
}

async function runIn<T>(scope: TransactionScope, work: (db: Db) => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work(scope);
  } catch (error) {
    await scope.rollBack();
    throw error;
  }
  await scope.commit();
  return result;
}
