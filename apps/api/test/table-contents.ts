import { PgDb, sql } from '@stowage/db';
import type { RunningApi } from './start-api.ts';

type Database = Pick<RunningApi, 'databaseUrl'>;
type CountedTable = 'accounts' | 'users' | 'buckets' | 'access_tokens' | 'invitations';

/** How many rows of a table have these values. */
export async function countRows(
  database: Database,
  table: CountedTable,
  having: Readonly<Record<string, string>>,
): Promise<number> {
  return withDb(database, async (db) => {
    const rows = await db.rows<{ row: Record<string, unknown> }>({
      name: `test_rows_of_${table}`,
      text: `select to_jsonb(t) as row from ${table} t`,
      values: [],
    });
    return rows.filter(({ row }) => Object.entries(having).every(([name, value]) => row[name] === value)).length;
  });
}

/** The tables with a row whose bytes hold the text: as it is, or in a bytea. */
export async function findInDatabase(database: Database, text: string): Promise<readonly string[]> {
  const needles = [text, Buffer.from(text).toString('hex')];
  return withDb(database, async (db) => {
    const found: string[] = [];
    for (const { name } of await db.rows<{ name: string }>(sql('test_table_names')`
      select table_name::text as name from information_schema.tables where table_schema = 'public' order by 1`)) {
      const rows = await db.rows<{ row: string }>({
        name: `test_rows_of_${name}`,
        text: `select to_jsonb(t)::text as row from ${name} t`,
        values: [],
      });
      if (rows.some(({ row }) => needles.some((needle) => row.includes(needle)))) found.push(name);
    }
    return found;
  });
}

/** Ends the locks of executions that did not end, as time does. */
export async function endLocks(database: Database): Promise<number> {
  return withDb(database, (db) =>
    db.execute(sql('test_end_locks')`update idempotency_keys set locked_until = now() where status is null`),
  );
}

async function withDb<T>({ databaseUrl }: Database, work: (db: PgDb) => Promise<T>): Promise<T> {
  await using db = PgDb.open({
    connection: { url: databaseUrl },
    applicationName: 'test',
    onPoolError: () => undefined,
  });
  return await work(db); // before the database is closed
}
