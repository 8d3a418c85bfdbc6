import type { Client, PoolClient, QueryResult } from 'pg';
import type { ConnectionPool } from './connection-pool.ts';
import { DatabaseUnavailableError } from './database-errors.ts';
import type { DatabaseError } from './database-errors.ts';
import type { SqlStatement } from './sql.ts';
import { leavesConnectionUsable, translateStatementFailure } from './translate-pg-error.ts';
import type { FailureContext } from './translate-pg-error.ts';

type Row = Record<string, unknown>;

const brokenClients = new WeakMap<Client, Error>();

/** A pooled connection in the hands of one caller. Knows whether it is still fit for the next one. */
export class PgConnection {
  readonly #client: PoolClient;
  readonly #pool: ConnectionPool;
  #usable = true;
  #sent = false;

  constructor(client: PoolClient, pool: ConnectionPool) {
    this.#client = client;
    this.#pool = pool;
  }

  /** Remembers the first error: it says why, later ones only that. */
  static markBroken(client: Client, error: Error): void {
    if (!brokenClients.has(client)) brokenClients.set(client, error);
  }

  /** Rejects with what the driver rejects with; see `translate`. */
  query(statement: SqlStatement): Promise<QueryResult<Row>> {
    this.#sent = !brokenClients.has(this.#client);
    return new Promise((resolve, reject) => {
      // A new object, as the driver writes into it. The pair of casts drops `readonly`; the driver only reads.
      const { name, text, values } = statement;
      this.#client.query(
        { name, text, values: values as unknown[] },
        (error: Error | null, result: QueryResult<Row>) => {
          if (error === null) resolve(result);
          else reject(error);
        },
      );
    });
  }

  /** Runs `begin`, `commit` or `rollback`; resolves with the command the server says it ran. */
  async command(text: string): Promise<string> {
    this.#sent = !brokenClients.has(this.#client);
    const { command } = await this.#client.query(text);
    return command;
  }

  /** Translates a failure of this connection, and remembers what it did to it. */
  translate(error: unknown, context: FailureContext): DatabaseError {
    const brokenBy = brokenClients.get(this.#client);
    const translated = translateStatementFailure(error, {
      ...context,
      brokenBy,
      mayHaveRun: this.#sent && (context.mayHaveRun ?? false),
    });
    if (brokenBy !== undefined || !leavesConnectionUsable(error, translated)) this.#usable = false;
    if (translated instanceof DatabaseUnavailableError && ['read-only', 'stale-statement'].includes(translated.reason))
      this.#pool.suspectAll();
    return translated;
  }

  /** Gives the connection back when it is as good as new, else closes it. */
  release(): void {
    if (this.#usable) this.#pool.release(this.#client);
    else this.#pool.discard(this.#client);
  }

  /** Has `release` close the connection, as nobody knows its state. */
  condemn(): void {
    this.#usable = false;
  }
}
