import path from 'node:path';
import { PgDb, sql } from '../src/index.ts';
import type { DatabaseError, Db, PgDbOptions, Recovery } from '../src/index.ts';
import { createTestDatabase, patience } from '../src/testing/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';

/** The server the tests run against. */
export function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set');
  return url;
}

export function givenDatabase(): Promise<TestDatabase> {
  return createTestDatabase({ migrationsDirectory: path.join(__dirname, 'migrations'), serverUrl: serverUrl() });
}

/** A `PgDb` that remembers what it was told, closed at the end of its scope. */
export class GivenDb implements AsyncDisposable {
  readonly recoveries: Recovery[] = [];
  readonly poolErrors: DatabaseError[] = [];
  readonly db: PgDb;

  constructor(url: string, options: Partial<PgDbOptions> = {}) {
    this.db = PgDb.open({
      connection: { url },
      applicationName: 'db tests',
      onPoolError: (error) => this.poolErrors.push(error),
      onRecovery: (recovery) => this.recoveries.push(recovery),
      ...patience,
      ...options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.db.close();
  }
}

/** Resolves when the question is answered with yes; asks the server again and again. */
export async function until(question: () => Promise<boolean>): Promise<void> {
  while (!(await question()));
}

export async function backendPid(db: Db): Promise<number> {
  const row = await db.row<{ pid: number }>(sql('test_backend_pid')`select pg_backend_pid() as pid`);
  return row?.pid ?? 0;
}

/** Resolves with the process id of a session that waits for the advisory lock. */
export async function waiterFor(db: Db, key: number): Promise<number> {
  let pid: number | undefined;
  await until(async () => {
    const row = await db.row<{ pid: number }>(
      sql('test_waiter')`select pid from pg_locks where locktype = 'advisory' and objid = ${key} and not granted`,
    );
    pid = row?.pid;
    return pid !== undefined;
  });
  return pid ?? 0;
}

export async function terminate(db: Db, pid: number): Promise<void> {
  await db.row(sql('test_terminate')`select pg_terminate_backend(${pid}, 60000)`);
}

export async function countNotes(db: Db): Promise<number> {
  const row = await db.row<{ count: number }>(sql('test_count_notes')`select count(*) as count from notes`);
  return row?.count ?? -1;
}
