import { Query } from 'pg';
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
      // A Query of our own: a configuration object would be cloned by property descriptors, a tenth of the whole cost.
      // The cast drops `readonly`; the driver only reads.
      const query = new Query(statement.text, statement.values as unknown[], (error, result) => {
        if (error) reject(error);
        else resolve(result);
      });
      this.#client.query(Object.assign(query, { name: statement.name }));
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
