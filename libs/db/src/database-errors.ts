/** What a `DatabaseError` is made from. */
export interface DatabaseErrorDetails {
  /** Name of the statement that failed, where there is one. */
  readonly statement?: string | undefined;
  /** The server's five-character error code (PostgreSQL manual, appendix A), where the server had a word in it. */
  readonly sqlState?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Base of everything this library rejects with. Neither the message nor the cause carries values of rows or parameters,
 * so both may be logged.
 */
export class DatabaseError extends Error {
  override readonly name: string = 'DatabaseError';
  readonly statement: string | undefined;
  readonly sqlState: string | undefined;

  constructor(message: string, details: DatabaseErrorDetails = {}) {
    super(details.statement === undefined ? message : `statement ${details.statement}: ${message}`, {
      cause: details.cause,
    });
    this.statement = details.statement;
    this.sqlState = details.sqlState;
  }
}

/** Base of the violations that name a constraint. */
export abstract class ConstraintViolationError extends DatabaseError {
  /** Name of the constraint or unique index, as in the migration. */
  readonly constraint: string;

  constructor(constraint: string, details: DatabaseErrorDetails) {
    super(`violates ${constraint}`, details);
    this.constraint = constraint;
  }
}

/** A row with this key exists. */
export class UniqueViolationError extends ConstraintViolationError {
  override readonly name = 'UniqueViolationError';
}

/** The row referred to does not exist, or is still referred to. */
export class ForeignKeyViolationError extends ConstraintViolationError {
  override readonly name = 'ForeignKeyViolationError';
}

/** A check constraint said no. */
export class CheckViolationError extends ConstraintViolationError {
  override readonly name = 'CheckViolationError';
}

/** An exclusion constraint said no. */
export class ExclusionViolationError extends ConstraintViolationError {
  override readonly name = 'ExclusionViolationError';
}

/** A column that must have a value got none. */
export class NotNullViolationError extends DatabaseError {
  override readonly name = 'NotNullViolationError';
  readonly column: string;

  constructor(column: string, details: DatabaseErrorDetails) {
    super(`column ${column} may not be null`, details);
    this.column = column;
  }
}

/** A value does not fit: malformed uuid, number out of range, NUL in a text, an `int8` beyond 2^53 in an answer. */
export class InvalidValueError extends DatabaseError {
  override readonly name = 'InvalidValueError';
}

/** `row` got more than one row. */
export class TooManyRowsError extends DatabaseError {
  override readonly name = 'TooManyRowsError';
}

/** The transaction met a concurrent one (serialization failure or deadlock) and was rolled back; it may succeed when repeated. */
export class SerializationError extends DatabaseError {
  override readonly name = 'SerializationError';
}

/** The statement was cancelled, as a rule because it ran longer than `statementTimeoutMs`. */
export class StatementTimeoutError extends DatabaseError {
  override readonly name = 'StatementTimeoutError';
}

/** A lock was not free within `lockTimeoutMs`, or at once where the statement said `nowait`. */
export class LockTimeoutError extends DatabaseError {
  override readonly name = 'LockTimeoutError';
}

/** The transaction was idle for longer than `idleInTransactionTimeoutMs`; the server ended it and its connection. */
export class TransactionTimeoutError extends DatabaseError {
  override readonly name = 'TransactionTimeoutError';
}

/** The transaction cannot be committed, as an earlier statement in it failed (the cause). Nothing was committed. */
export class TransactionAbortedError extends DatabaseError {
  override readonly name = 'TransactionAbortedError';
}

/** A write in a transaction, or on a reader, that was declared read-only. */
export class ReadOnlyTransactionError extends DatabaseError {
  override readonly name = 'ReadOnlyTransactionError';
}

/**
 * Why the database could not be used.
 * - `pool-exhausted`: no connection became free within `acquireTimeoutMs`
 * - `connect-timeout`: no session within `connectTimeoutMs`
 * - `connect-failed`: refused, unresolvable, TLS fault, no password to be had
 * - `rejected`: wrong credentials or no such database
 * - `too-many-connections`: the server has no slot left
 * - `shutting-down`: the server stops, starts or ended this session
 * - `connection-lost`: the connection broke
 * - `no-answer`: nothing came back within `queryTimeoutMs`
 * - `read-only`: the server refuses writes, as an old primary does after a fail-over
 * - `stale-statement`: the schema changed under a prepared statement
 * - `out-of-resources`: the server is out of disk or memory
 * - `closed`: `close` was called
 */
export type UnavailableReason =
  | 'pool-exhausted'
  | 'connect-timeout'
  | 'connect-failed'
  | 'rejected'
  | 'too-many-connections'
  | 'shutting-down'
  | 'connection-lost'
  | 'no-answer'
  | 'read-only'
  | 'stale-statement'
  | 'out-of-resources'
  | 'closed';

/** The database could not be reached or used; nothing is wrong with the statement. */
export class DatabaseUnavailableError extends DatabaseError {
  override readonly name = 'DatabaseUnavailableError';
  readonly reason: UnavailableReason;
  /** Whether the statement, or the transaction's `commit`, may have taken effect although no answer came. */
  readonly mayHaveRun: boolean;

  constructor(reason: UnavailableReason, details: DatabaseErrorDetails & { readonly mayHaveRun?: boolean } = {}) {
    super(`database unavailable (${reason})`, details);
    this.reason = reason;
    this.mayHaveRun = details.mayHaveRun ?? false;
  }
}
