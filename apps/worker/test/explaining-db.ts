import type { Db, SqlStatement, TransactionalDb } from '@stowage/db';

interface PlanRow {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: Readonly<Record<string, unknown>> }];
}

/** Runs statements under `explain analyze`, whose answers are no use, and keeps how many pages each has looked at. */
export class ExplainingDb implements TransactionalDb {
  readonly pages = new Map<string, number>();
  readonly reader: Db = this;
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async rows<Row extends object>(statement: SqlStatement): Promise<readonly Row[]> {
    await this.#explain(this.#db, statement);
    return [];
  }

  async row(statement: SqlStatement): Promise<undefined> {
    await this.#explain(this.#db, statement);
  }

  async execute(statement: SqlStatement): Promise<number> {
    await this.#explain(this.#db, statement);
    return 0;
  }

  async transaction<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#db.transaction((tx) =>
      work({
        rows: async (statement) => {
          await this.#explain(tx, statement);
          return [];
        },
        row: async (statement) => {
          await this.#explain(tx, statement);
          return undefined;
        },
        execute: async (statement) => {
          await this.#explain(tx, statement);
          return 0;
        },
      }),
    );
  }

  async #explain(db: Db, statement: SqlStatement): Promise<void> {
    const { name, text, values } = statement;
    const explained = { name: `explain_${name}`, text: `explain (analyze, buffers, format json) ${text}`, values };
    const [row] = await db.rows<PlanRow>(explained);
    const plan = row?.['QUERY PLAN'][0].Plan ?? {};
    this.pages.set(name, Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks']));
  }
}
