import type { QueryResult } from 'pg';
import type { ConnectionPool } from './connection-pool.ts';
import { DatabaseError, DatabaseUnavailableError } from './database-errors.ts';
import type { Recovery } from './pg-db-options.ts';
import type { RepeatPolicy } from './repeat-policy.ts';
import type { SqlStatement } from './sql.ts';
import { StatementDb } from './statement-db.ts';
import type { StatementNames } from './statement-names.ts';

export interface PooledDbParts {
  readonly pool: ConnectionPool;
  readonly names: StatementNames;
  readonly policy: RepeatPolicy;
  readonly onRecovery: (recovery: Recovery) => void;
}

/** Each statement on a connection of its own, repeated where that cannot be noticed. */
export class PooledDb extends StatementDb {
  readonly #parts: PooledDbParts;

  constructor(parts: PooledDbParts) {
    super();
    this.#parts = parts;
  }

  /** Runs a statement exactly once. */
  async runOnce(statement: SqlStatement): Promise<QueryResult> {
    this.#parts.names.check(statement);
    const { pool } = this.#parts;
    const connection = await pool.acquire();
    try {
      return await connection.query(statement);
    } catch (error) {
      throw connection.translate(error, { statement: statement.name, readOnly: pool.readOnly, mayHaveRun: true });
    } finally {
      connection.release();
    }
  }

  override run(statement: SqlStatement): Promise<QueryResult> {
    const { policy, onRecovery } = this.#parts;
    return policy.run(
      () => this.runOnce(statement),
      (error) => ({ error, harmless: statement.repeatable === true || hadNoEffect(error) }),
      (error) => {
        if (error instanceof DatabaseError)
          onRecovery({ action: 'statement repeated', statement: statement.name, error });
      },
    );
  }
}

/** A statement that failed has no effect, unless its answer was lost. */
function hadNoEffect(error: unknown): boolean {
  return error instanceof DatabaseError && !(error instanceof DatabaseUnavailableError && error.mayHaveRun);
}
