import type { QueryResult } from 'pg';
import { DatabaseError, TransactionAbortedError } from './database-errors.ts';
import type { TransactionOptions } from './db.ts';
import type { PgConnection } from './pg-connection.ts';
import type { SqlStatement } from './sql.ts';
import { StatementDb } from './statement-db.ts';
import type { StatementNames } from './statement-names.ts';

/** The open transaction on one connection: the `Db` that work is handed, and the means to end it. */
export class TransactionScope extends StatementDb {
  readonly #connection: PgConnection;
  readonly #names: StatementNames;
  readonly #readOnly: boolean;
  #open = true;
  #running = 0;
  #last: Promise<unknown> = Promise.resolve();
  #failure: DatabaseError | undefined;

  constructor(connection: PgConnection, names: StatementNames, readOnly: boolean) {
    super();
    this.#connection = connection;
    this.#names = names;
    this.#readOnly = readOnly;
  }

  /** What made the transaction fail, whatever the work made of it. */
  get failure(): DatabaseError | undefined {
    return this.#failure;
  }

  async begin({ isolation = 'read committed', readOnly = false }: TransactionOptions): Promise<void> {
    const mode = `${isolation === 'read committed' ? '' : ` isolation level ${isolation}`}${readOnly ? ' read only' : ''}`;
    try {
      await this.#connection.command(`begin${mode}`);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** @throws {TransactionAbortedError} when the server rolled back instead */
  async commit(): Promise<void> {
    const forgotten = this.#running > 0;
    await this.#close();
    if (forgotten) {
      await this.rollBack();
      throw new TransactionAbortedError(
        'the work ended while a statement was running; every statement must be awaited',
      );
    }
    const command = await this.#end('commit');
    if (command !== 'COMMIT')
      throw new TransactionAbortedError('an earlier statement failed, so nothing was committed', {
        cause: this.#failure,
      });
  }

  /** Never rejects: a connection that cannot roll back is closed, which has the server do so. */
  async rollBack(): Promise<void> {
    await this.#close();
    try {
      await this.#end('rollback');
    } catch {
      this.#connection.condemn();
    }
  }

  protected async run(statement: SqlStatement): Promise<QueryResult> {
    this.#names.check(statement);
    if (!this.#open) throw new DatabaseError('the transaction has ended', { statement: statement.name });
    // The driver sends one statement at a time; those started together wait here.
    const turn = this.#running === 0 ? this.#query(statement) : this.#last.then(() => this.#query(statement));
    this.#running += 1;
    this.#last = turn.then(this.#settled, this.#settled);
    return turn;
  }

  readonly #settled = (): void => {
    this.#running -= 1;
  };

  async #query(statement: SqlStatement): Promise<QueryResult> {
    try {
      return await this.#connection.query(statement);
    } catch (error) {
      throw this.#fail(error, statement.name);
    }
  }

  async #end(command: 'commit' | 'rollback'): Promise<string> {
    try {
      return await this.#connection.command(command);
    } catch (error) {
      throw this.#fail(error, undefined, command === 'commit' && !this.#readOnly);
    }
  }

  async #close(): Promise<void> {
    this.#open = false;
    await this.#last;
  }

  #fail(error: unknown, statement?: string, mayHaveRun = false): DatabaseError {
    const translated = this.#connection.translate(error, { statement, readOnly: this.#readOnly, mayHaveRun });
    this.#failure ??= translated;
    return translated;
  }
}
