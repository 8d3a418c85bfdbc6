import type { SqlStatement } from './sql.ts';

/**
 * Somewhere statements can run: the pool, the reader or an open transaction. Every method rejects with a
 * `DatabaseError`, and with nothing of the driver's.
 */
export interface Db {
  /**
   * Every row the statement answers, in its order. `Row` is the caller's word, not checked: columns keep the names the
   * SQL gives them, `int8` is a number, `timestamptz` a Date, `date` and `numeric` are strings, SQL null is `null`.
   */
  rows<Row extends object>(statement: SqlStatement): Promise<readonly Row[]>;
  /**
   * The one row the statement answers, or undefined.
   * @throws {TooManyRowsError} when there are more
   */
  row<Row extends object>(statement: SqlStatement): Promise<Row | undefined>;
  /** Runs the statement for its effect; the number of rows it affected. */
  execute(statement: SqlStatement): Promise<number>;
}

export interface TransactionOptions {
  /** @default 'read committed' */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** The server refuses every write with `ReadOnlyTransactionError`. @default false */
  readonly readOnly?: boolean;
  /**
   * The work may be called again, from its start and in a new transaction, after a serialization failure, a deadlock or
   * a lost connection. Its effects outside the database then happen again. Work whose `commit` got no answer is never
   * called again: it may have been committed.
   * @default false
   */
  readonly repeatable?: boolean;
}

/** A database: single statements, transactions, and a reader for what may lag a little behind. */
export interface TransactionalDb extends Db {
  /**
   * Calls the work with a `Db` whose statements are one transaction; commits when it resolves, rolls back when it
   * rejects, and rejects with what the work rejected with. The `Db` is dead afterwards. Statements of one transaction
   * run one after the other, however they are started; each must be awaited.
   *
   * @throws {TransactionAbortedError} when a statement failed and the work resolved all the same: nothing was committed
   * @throws {DatabaseUnavailableError} with `mayHaveRun` when `commit` got no answer
   */
  transaction<T>(work: (db: Db) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * The replica when one is configured, else the primary. For reads that may be seconds old. Sessions are read-only. A
   * statement the replica cannot answer goes to the primary.
   */
  readonly reader: Db;
}
