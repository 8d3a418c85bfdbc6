import type { DatabaseConnection } from './connection-config.ts';
import type { DatabaseError } from './database-errors.ts';

/** Something went wrong and was healed: worth a line of level `warn`, and a count. */
export interface Recovery {
  readonly action: 'statement repeated' | 'transaction repeated' | 'primary answered for the reader';
  /** Name of the statement; undefined for a transaction. */
  readonly statement: string | undefined;
  readonly error: DatabaseError;
}

/** How to open a `PgDb`. Every wait has an end; each default says which. */
export interface PgDbOptions {
  readonly connection: DatabaseConnection;
  /** The replica behind `reader`. @default none: `reader` is the primary */
  readonly readerConnection?: DatabaseConnection;
  /** What `pg_stat_activity` shows. */
  readonly applicationName: string;
  /** An idle connection broke. The pool has dropped it already: log and count. */
  readonly onPoolError: (error: DatabaseError) => void;
  /** @default nothing is told */
  readonly onRecovery?: (recovery: Recovery) => void;
  /** Connections at most, for each of primary and reader. @default 10 */
  readonly poolMax?: number;
  /** From the first packet until the session is open, the password function included. @default 2000 */
  readonly connectTimeoutMs?: number;
  /** Waiting for a connection, a free one or a new one. @default 3000 */
  readonly acquireTimeoutMs?: number;
  /** The server cancels a statement after this. Less than `queryTimeoutMs`. @default 5000 */
  readonly statementTimeoutMs?: number;
  /** The client gives up on the connection when a statement has no answer after this. @default 7000 */
  readonly queryTimeoutMs?: number;
  /** The server refuses a lock after this. Less than `statementTimeoutMs`. @default 3000 */
  readonly lockTimeoutMs?: number;
  /** The server ends a transaction that does nothing for this long. @default 10000 */
  readonly idleInTransactionTimeoutMs?: number;
  /** An unused connection is closed after this. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** A connection is replaced after this, so that a changed address is noticed. @default 300 */
  readonly maxLifetimeSeconds?: number;
  /** `close` waits this long for work under way, then cuts it off. @default 5000 */
  readonly closeTimeoutMs?: number;
  /** A replica that could not be reached is left alone for this long. @default 5000 */
  readonly readerRetryAfterMs?: number;
  /** How often one statement or transaction is repeated at most; 0 for never. @default 8 */
  readonly maxRepeats?: number;
  /** Nothing is repeated later than this after it first began. @default 3000 */
  readonly repeatWithinMs?: number;
}

/** What one pool needs to know. */
export type PoolSettings = Required<
  Pick<
    PgDbOptions,
    | 'applicationName'
    | 'onPoolError'
    | 'poolMax'
    | 'connectTimeoutMs'
    | 'acquireTimeoutMs'
    | 'statementTimeoutMs'
    | 'queryTimeoutMs'
    | 'lockTimeoutMs'
    | 'idleInTransactionTimeoutMs'
    | 'idleTimeoutMs'
    | 'maxLifetimeSeconds'
    | 'closeTimeoutMs'
  >
> & { readonly readOnly: boolean };

type Settings = Required<Omit<PgDbOptions, 'readerConnection'>>;

/** @throws {RangeError} when a number is not positive, or an inner deadline is not before its outer one */
export function withDefaults(options: PgDbOptions): Settings {
  const settings = {
    poolMax: 10,
    connectTimeoutMs: 2000,
    acquireTimeoutMs: 3000,
    statementTimeoutMs: 5000,
    queryTimeoutMs: 7000,
    lockTimeoutMs: 3000,
    idleInTransactionTimeoutMs: 10_000,
    idleTimeoutMs: 30_000,
    maxLifetimeSeconds: 300,
    closeTimeoutMs: 5000,
    readerRetryAfterMs: 5000,
    maxRepeats: 8,
    repeatWithinMs: 3000,
    onRecovery: () => undefined,
    ...options,
  };
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !(value > 0 || (name === 'maxRepeats' && value === 0)))
      throw new RangeError(`${name} must be more than 0`);
  }
  // The other way round the client would cut the connection before the server could cancel the statement.
  if (settings.statementTimeoutMs >= settings.queryTimeoutMs)
    throw new RangeError('statementTimeoutMs must be less than queryTimeoutMs');
  if (settings.lockTimeoutMs >= settings.statementTimeoutMs)
    throw new RangeError('lockTimeoutMs must be less than statementTimeoutMs');
  return settings;
}
