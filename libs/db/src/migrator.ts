import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { toClientConfig } from './connection-config.ts';
import type { DatabaseConnection } from './connection-config.ts';
import type { Db } from './db.ts';
import { endClient } from './end-client.ts';
import { MigrationError } from './migration-error.ts';
import { readMigrations } from './migration-files.ts';
import type { MigrationFile } from './migration-files.ts';
import { HISTORY_TABLE, pendingAfter, refuseNewer } from './migration-history.ts';
import type { AppliedMigration } from './migration-history.ts';
import { sql } from './sql.ts';
import { translateAcquireFailure } from './translate-pg-error.ts';

/** The database and the files. The role must be allowed to create tables; no transaction pooler, as the lock lives in the session. */
export type MigrateOptions = MigrateSettings & ({ readonly url: string } | { readonly connection: DatabaseConnection });

interface MigrateSettings {
  /** Where the `NNNN-verb-noun.sql` files are. */
  readonly directory: string;
  /** Told what happens; messages are constants. @default nothing is told */
  readonly log?: (message: string, facts: Readonly<Record<string, string | number>>) => void;
  /** How long another migrator may hold the lock. @default 600000 */
  readonly waitMs?: number;
  /** How long a migration waits for a table the applications use: they queue behind it. @default 5000 */
  readonly lockTimeoutMs?: number;
  /** How long one statement may run. @default 900000 */
  readonly statementTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 5000;
const POLL_MS = 100;
/** Advisory locks are per database, so one constant serves all: the first eight bytes of SHA-256('schema_migrations'). */
const LOCK_KEY = '2791888192033081259';

const CREATE_HISTORY = `create table if not exists ${HISTORY_TABLE} (
  version integer not null constraint schema_migrations_pkey primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now()
)`;

/**
 * Brings a database to the newest migration and answers the names of those it applied. Each runs in a transaction of its
 * own together with the record of it, unless its first line is `-- migrate: no transaction`; then each statement, ended
 * by a semicolon at the end of a line, runs by itself, as `create index concurrently` must. Such a file must be fit to
 * be run again, as a crash may leave it half done.
 *
 * Migrators of one database take turns. The one that waits polls: a session blocked in `pg_advisory_lock` would itself
 * be a transaction that `create index concurrently` waits for.
 *
 * @throws {MigrationError} when a file was edited after it was applied, is missing or out of line, fails, or when the
 *   database is newer than the files. What was applied before stays applied.
 * @throws {DatabaseUnavailableError} when there is no connection
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const files = await readMigrations(options.directory);
  const { lockTimeoutMs = 5000, statementTimeoutMs = 900_000 } = options;
  const client = new Client({
    ...toClientConfig('url' in options ? { url: options.url } : options.connection),
    application_name: 'migrator',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    lock_timeout: lockTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A connection that breaks fails the statement under way; without a listener it would end the process as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw translateAcquireFailure(error);
  }
  try {
    return await applyAll(client, files, options);
  } finally {
    await endClient(client);
  }
}

/**
 * The names of migrations a database has not seen, in order; empty when it is ready for this release. A database that is
 * newer than the files is ready too: during a release the old version goes on running.
 * @throws {MigrationError} as `migrate` does, but for a newer database
 */
export async function pendingMigrations(db: Db, directory: string): Promise<readonly string[]> {
  const files = await readMigrations(directory);
  const history = await db.row<{ exists: boolean }>(
    sql('db_migrations_exist')`select to_regclass(${HISTORY_TABLE}) is not null as exists`,
  );
  const applied = history?.exists
    ? await db.rows<AppliedMigration>(
        sql('db_migrations_applied', {
          repeatable: true,
        })`select version, name, checksum from public.schema_migrations order by version`,
      )
    : [];
  return pendingAfter(applied, files).map(({ name }) => name);
}

async function applyAll(client: Client, files: readonly MigrationFile[], options: MigrateOptions): Promise<string[]> {
  const { log = () => undefined } = options;
  await takeTurn(client, options);
  await client.query(CREATE_HISTORY);
  const { rows: applied } = await client.query<AppliedMigration>(
    `select version, name, checksum from ${HISTORY_TABLE} order by version`,
  );
  refuseNewer(applied, files);
  const done: string[] = [];
  for (const file of pendingAfter(applied, files)) {
    const startedAt = performance.now();
    await apply(client, file);
    log('migration applied', { migration: file.name, durationMs: Math.round(performance.now() - startedAt) });
    done.push(file.name);
  }
  return done;
}

async function takeTurn(client: Client, { waitMs = 600_000, log }: MigrateOptions): Promise<void> {
  const giveUpAt = performance.now() + waitMs;
  for (let told = false; ; told = true) {
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${LOCK_KEY}) as mine`);
    if (rows[0]?.mine === true) return;
    if (!told) log?.('another migrator is at work', { waitMs });
    if (performance.now() > giveUpAt) throw new MigrationError(`another migrator held the lock for ${waitMs} ms`);
    await sleep(POLL_MS);
  }
}

async function apply(client: Client, file: MigrationFile): Promise<void> {
  try {
    if (file.inTransaction) await client.query('begin');
    for (const statement of file.statements) await client.query(statement);
    await client.query(`insert into ${HISTORY_TABLE} (version, name, checksum) values ($1, $2, $3)`, [
      file.version,
      file.name,
      file.checksum,
    ]);
    if (file.inTransaction) await client.query('commit');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const left = file.inTransaction ? 'it left nothing behind' : 'it may be half done';
    throw new MigrationError(`${file.name} failed, ${left}: ${reason}`, { cause: error });
  }
}
