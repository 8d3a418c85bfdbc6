import type { QueryResult } from 'pg';
import { TooManyRowsError } from './database-errors.ts';
import type { Db } from './db.ts';
import type { SqlStatement } from './sql.ts';

/** The three questions of a `Db`, put to whatever runs statements. */
export abstract class StatementDb implements Db {
  protected abstract run(statement: SqlStatement): Promise<QueryResult>;

  async rows<Row extends object>(statement: SqlStatement): Promise<readonly Row[]> {
    const { rows } = await this.run(statement);
    return rows as readonly Row[];
  }

  async row<Row extends object>(statement: SqlStatement): Promise<Row | undefined> {
    const { rows } = await this.run(statement);
    if (rows.length > 1)
      throw new TooManyRowsError(`answered ${rows.length} rows instead of one`, { statement: statement.name });
    return rows[0] as Row | undefined;
  }

  async execute(statement: SqlStatement): Promise<number> {
    const { rowCount } = await this.run(statement);
    return rowCount ?? 0;
  }
}
