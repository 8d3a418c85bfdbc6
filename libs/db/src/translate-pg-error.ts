import {
  CheckViolationError,
  DatabaseError,
  DatabaseUnavailableError,
  ExclusionViolationError,
  ForeignKeyViolationError,
  InvalidValueError,
  LockTimeoutError,
  NotNullViolationError,
  ReadOnlyTransactionError,
  SerializationError,
  StatementTimeoutError,
  TransactionAbortedError,
  TransactionTimeoutError,
  UniqueViolationError,
} from './database-errors.ts';
import type { DatabaseErrorDetails, UnavailableReason } from './database-errors.ts';
import { ColumnValueError } from './column-values.ts';

/** Where a driver error came from. */
export interface FailureContext {
  readonly statement?: string | undefined;
  /** The session or transaction was declared read-only, so that a refused write is the caller's fault. */
  readonly readOnly?: boolean;
  /** What the client recorded when its connection broke. */
  readonly brokenBy?: Error | undefined;
  /** Whether a lost answer leaves it open if there was an effect. */
  readonly mayHaveRun?: boolean;
}

/** The fields of the server's ErrorResponse that decide (PostgreSQL manual, 54.8). */
interface ServerError extends Error {
  readonly code: string;
  readonly severity: string;
  readonly constraint?: string;
  readonly column?: string;
}

type Translation = (error: ServerError, details: DatabaseErrorDetails, context: FailureContext) => DatabaseError;

const unavailable =
  (reason: UnavailableReason): Translation =>
  (_error, details, { mayHaveRun = false }) =>
    new DatabaseUnavailableError(reason, { ...details, mayHaveRun });

/** The server said no before it did anything. */
const refused =
  (reason: UnavailableReason): Translation =>
  (_error, details) =>
    new DatabaseUnavailableError(reason, details);

/** SQLSTATE codes, PostgreSQL manual, appendix A. A whole class is listed by its first two characters. */
const translations: Readonly<Record<string, Translation>> = {
  '08': unavailable('connection-lost'),
  '22': (_error, details) => new InvalidValueError('a value does not fit', details),
  '23502': (error, details) => new NotNullViolationError(error.column ?? '', details),
  '23503': (error, details) => new ForeignKeyViolationError(error.constraint ?? '', details),
  '23505': (error, details) => new UniqueViolationError(error.constraint ?? '', details),
  '23514': (error, details) => new CheckViolationError(error.constraint ?? '', details),
  '23P01': (error, details) => new ExclusionViolationError(error.constraint ?? '', details),
  '25006': (_error, details, { readOnly = false }) =>
    readOnly
      ? new ReadOnlyTransactionError('a write where only reads are allowed', details)
      : new DatabaseUnavailableError('read-only', details),
  '25P02': (_error, details) => new TransactionAbortedError('an earlier statement of the transaction failed', details),
  '25P03': (_error, details) => new TransactionTimeoutError('the transaction was idle for too long', details),
  '25P04': (_error, details) => new TransactionTimeoutError('the transaction took too long', details),
  '26000': refused('stale-statement'),
  '28': refused('rejected'),
  '3D000': refused('rejected'),
  '40001': (_error, details) => new SerializationError('met a concurrent transaction', details),
  '40P01': (_error, details) => new SerializationError('deadlock with a concurrent transaction', details),
  '53': refused('out-of-resources'),
  '53300': refused('too-many-connections'),
  '55P03': (_error, details) => new LockTimeoutError('a lock was not free in time', details),
  '57014': (_error, details) => new StatementTimeoutError('cancelled, it ran too long', details),
  '57P01': unavailable('shutting-down'),
  '57P02': unavailable('shutting-down'),
  '57P03': refused('shutting-down'),
  '57P05': unavailable('connection-lost'),
};

/** 0A000 is any missing feature; this one means that a column's type changed since the statement was prepared. */
const STALE_PLAN = 'cached plan must not change result type';

/** Messages of pg 8.23 and pg-pool 3: they carry no code. */
const POOL_EXHAUSTED = 'timeout exceeded when trying to connect';
const POOL_CLOSED = 'Cannot use a pool after calling end on the pool';
const CONNECT_TIMEOUTS = ['timeout expired', 'Connection terminated due to connection timeout'];
const QUERY_TIMEOUT = 'Query read timeout';

/** Translates what a running statement failed with. */
export function translateStatementFailure(error: unknown, context: FailureContext): DatabaseError {
  const { statement, brokenBy, mayHaveRun = false } = context;
  if (isServerError(error)) return translateServerError(error, context);
  if (error instanceof ColumnValueError) return new InvalidValueError(error.message, { statement, cause: error });
  if (isServerError(brokenBy)) return translateServerError(brokenBy, context);
  if (brokenBy !== undefined)
    return new DatabaseUnavailableError('connection-lost', { statement, cause: brokenBy, mayHaveRun });
  if (messageOf(error) === QUERY_TIMEOUT)
    return new DatabaseUnavailableError('no-answer', { statement, cause: error, mayHaveRun });
  return new DatabaseError('the driver could not run it', { statement, cause: error });
}

/** Translates why there was no connection to be had. Nothing was sent, so nothing can have run. */
export function translateAcquireFailure(error: unknown): DatabaseError {
  if (isServerError(error)) {
    const translated = translateServerError(error, {});
    if (translated instanceof DatabaseUnavailableError) return translated;
    return new DatabaseUnavailableError('rejected', { sqlState: error.code, cause: withoutValues(error) });
  }
  const message = messageOf(error);
  if (message === POOL_EXHAUSTED) return new DatabaseUnavailableError('pool-exhausted', { cause: error });
  if (message === POOL_CLOSED) return new DatabaseUnavailableError('closed', { cause: error });
  const timedOut = CONNECT_TIMEOUTS.includes(message);
  return new DatabaseUnavailableError(timedOut ? 'connect-timeout' : 'connect-failed', { cause: error });
}

/** Whether the connection is as good as before: the server answered, and will go on answering on it. */
export function leavesConnectionUsable(error: unknown, translated: DatabaseError): boolean {
  if (error instanceof ColumnValueError) return true;
  if (!isServerError(error) || error.severity !== 'ERROR') return false;
  return !(translated instanceof DatabaseUnavailableError) || translated.reason === 'out-of-resources';
}

function translateServerError(error: ServerError, context: FailureContext): DatabaseError {
  const details = { statement: context.statement, sqlState: error.code, cause: withoutValues(error) };
  if (isStalePlan(error)) return new DatabaseUnavailableError('stale-statement', details);
  const translation = translations[error.code] ?? translations[error.code.slice(0, 2)];
  return translation?.(error, details, context) ?? new DatabaseError(`failed with SQLSTATE ${error.code}`, details);
}

function isStalePlan(error: ServerError): boolean {
  return error.code === '0A000' && error.message === STALE_PLAN;
}

/** The server quotes offending values in `detail`, `where` and, for class 22, the message itself; none of that may be logged. */
function withoutValues(error: ServerError): Error {
  const quotesValues = error.code.startsWith('22');
  const safe = new Error(quotesValues ? error.message.replaceAll(/".*"/gs, '"…"') : error.message);
  safe.name = 'PostgresError';
  return safe;
}

function isServerError(error: unknown): error is ServerError {
  return isObject(error) && typeof error.severity === 'string' && typeof error.code === 'string';
}

function messageOf(error: unknown): string {
  return isObject(error) && typeof error.message === 'string' ? error.message : '';
}

/** Looks rather than asks `instanceof`: an error of Node's own may come from another realm than this file, as under Jest. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
