import { createHash, randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { readMigrations } from '../migration-files.ts';
import { migrate } from '../migrator.ts';

export interface TestDatabaseOptions {
  /** Where the `NNNN-verb-noun.sql` files are. */
  readonly migrationsDirectory: string;
  /** A role that may create databases, on a server for tests; which database it names does not matter. */
  readonly serverUrl: string;
}

/** A database that nobody else uses, migrated and empty. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  /** Removes it, whoever is still connected. May be called again. */
  drop(): Promise<void>;
}

/** Databases are made from the `postgres` database, where every caller's advisory lock is the same lock. */
const MAINTENANCE_DATABASE = 'postgres';
const LOCK_NAMESPACE = 1937011557;

/**
 * Clones a database from a template that holds the migrated schema. The template is made by whoever comes first for
 * these migrations, and serves all processes and projects that use the server.
 */
export async function createTestDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const { migrationsDirectory, serverUrl } = options;
  const files = await readMigrations(migrationsDirectory);
  const hash = createHash('sha256');
  for (const { name, checksum } of files) hash.update(`${name} ${checksum}\n`);
  const template = `template_${hash.digest('hex').slice(0, 16)}`;
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(serverUrl, async (admin) => {
    if (!(await exists(admin, template))) await makeTemplate(admin, template, options);
    // FILE_COPY would be quicker for a large template, but makes the server write two checkpoints.
    await admin.query(`create database ${name} template ${template} strategy wal_log`);
  });
  const drop = async (): Promise<void> => {
    await asAdmin(serverUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`));
  };
  return { url: urlOf(serverUrl, name), drop, [Symbol.asyncDispose]: drop };
}

/** Complete or not there: the database gets its name when it is migrated, so that a killed process leaves no half template. */
async function makeTemplate(admin: Client, template: string, options: TestDatabaseOptions): Promise<void> {
  const unfinished = `${template}_unfinished`;
  const key = Number.parseInt(template.slice(-7), 16);
  await admin.query('select pg_advisory_lock($1, $2)', [LOCK_NAMESPACE, key]);
  try {
    if (await exists(admin, template)) return;
    await admin.query(`drop database if exists ${unfinished} with (force)`);
    await admin.query(`create database ${unfinished}`);
    await migrate({ url: urlOf(options.serverUrl, unfinished), directory: options.migrationsDirectory });
    // Nobody may connect, autovacuum included: a database in use cannot be cloned.
    await admin.query(`alter database ${unfinished} with allow_connections false`);
    await admin.query(`alter database ${unfinished} rename to ${template}`);
  } finally {
    await admin.query('select pg_advisory_unlock($1, $2)', [LOCK_NAMESPACE, key]);
  }
}

async function exists(admin: Client, database: string): Promise<boolean> {
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [database]);
  return rowCount === 1;
}

async function asAdmin(serverUrl: string, work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client({
    connectionString: urlOf(serverUrl, MAINTENANCE_DATABASE),
    application_name: 'test databases',
  });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
