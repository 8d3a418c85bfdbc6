import type { QueryResult } from 'pg';
import {
  DatabaseError,
  DatabaseUnavailableError,
  ReadOnlyTransactionError,
  SerializationError,
} from './database-errors.ts';
import type { UnavailableReason } from './database-errors.ts';
import type { Recovery } from './pg-db-options.ts';
import type { PooledDb } from './pooled-db.ts';
import type { SqlStatement } from './sql.ts';
import { StatementDb } from './statement-db.ts';

export interface ReaderDbParts {
  readonly primary: PooledDb;
  readonly replica: PooledDb | undefined;
  readonly retryAfterMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly onRecovery: (recovery: Recovery) => void;
}

/** Each of these costs the caller a deadline; one caller in a while may try again, the others are spared. */
const AWAY: readonly UnavailableReason[] = [
  'connect-failed',
  'connect-timeout',
  'rejected',
  'shutting-down',
  'no-answer',
];
const WRITES =
  /^\s*(?!select|with|values|table|show)\w|\b(?:insert\s+into|delete\s+from|merge\s+into|update\s+\S+\s+set)\b/i;

/** The replica, with the primary behind it. */
export class ReaderDb extends StatementDb {
  readonly #parts: ReaderDbParts;
  readonly #reads = new Set<string>();
  #leaveAloneUntil = -Infinity;

  constructor(parts: ReaderDbParts) {
    super();
    this.#parts = parts;
  }

  protected async run(statement: SqlStatement): Promise<QueryResult> {
    const { replica, primary, now, onRecovery } = this.#parts;
    this.#refuseWrite(statement);
    if (replica === undefined || now() < this.#leaveAloneUntil) return primary.run(statement);
    try {
      return await this.#onReplica(replica, statement);
    } catch (error) {
      if (!(error instanceof DatabaseError) || !isReplicasFault(error)) throw error;
      onRecovery({ action: 'primary answered for the reader', statement: statement.name, error });
      return primary.run(statement);
    }
  }

  async #onReplica(replica: PooledDb, statement: SqlStatement): Promise<QueryResult> {
    const { now, retryAfterMs } = this.#parts;
    // Until this attempt has succeeded the others stay away from a replica that was just away.
    if (this.#leaveAloneUntil > -Infinity) this.#leaveAloneUntil = now() + retryAfterMs;
    try {
      const result = await replica.runOnce(statement);
      this.#leaveAloneUntil = -Infinity;
      return result;
    } catch (error) {
      if (error instanceof DatabaseUnavailableError && AWAY.includes(error.reason))
        this.#leaveAloneUntil = now() + retryAfterMs;
      throw error;
    }
  }

  /** A replica refuses writes by itself; this makes a primary that stands in for it refuse the evident ones too. */
  #refuseWrite({ name, text }: SqlStatement): void {
    if (this.#reads.has(name)) return;
    if (WRITES.test(text)) throw new ReadOnlyTransactionError('a write on the reader', { statement: name });
    this.#reads.add(name);
  }
}

/** A SerializationError of a single read is a conflict with recovery: the replica cancels reads that hold up replay. */
function isReplicasFault(error: DatabaseError): boolean {
  if (error instanceof DatabaseUnavailableError) return error.reason !== 'closed';
  return error instanceof SerializationError;
}
