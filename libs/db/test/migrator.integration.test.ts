import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseUnavailableError, MigrationError, migrate, pendingMigrations, sql } from '../src/index.ts';
import { createTestDatabase } from '../src/testing/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { GivenDb, serverUrl, terminate, waiterFor } from './given.ts';

describe('migrate', () => {
  let empty: string;
  let directory: string;
  let database: TestDatabase;
  let given: GivenDb;

  beforeAll(async () => {
    empty = await mkdtemp(path.join(os.tmpdir(), 'no-migrations-'));
  });
  afterAll(() => rm(empty, { recursive: true }));
  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'migrations-'));
    database = await createTestDatabase({ migrationsDirectory: empty, serverUrl: serverUrl() });
    given = new GivenDb(database.url);
  });
  afterEach(async () => {
    await given.db.close();
    await database.drop();
    await rm(directory, { recursive: true });
  });

  const givenFile = (name: string, text: string): Promise<void> => writeFile(path.join(directory, name), text);
  const run = (): Promise<readonly string[]> => migrate({ url: database.url, directory, lockTimeoutMs: 60_000 });
  const tables = async (): Promise<readonly string[]> => {
    const rows = await given.db.rows<{ name: string }>(
      sql('list_tables')`select relname as name from pg_class where relnamespace = 'public'::regnamespace
        and relkind = 'r' and relname <> 'schema_migrations' order by relname`,
    );
    return rows.map(({ name }) => name);
  };

  it('applies what is missing, in order, once', async () => {
    await givenFile('0001-create-first.sql', 'create table first (id int primary key);');
    await givenFile(
      '0002-create-second.sql',
      'create table second (id int references first);\ncreate index on second (id);',
    );
    await givenFile('README.md', 'no migration');
    expect(await run()).toEqual(['0001-create-first.sql', '0002-create-second.sql']);
    await givenFile('0003-create-third.sql', 'create table third (id int)');

    expect(await pendingMigrations(given.db, directory)).toEqual(['0003-create-third.sql']);
    expect(await run()).toEqual(['0003-create-third.sql']);
    expect(await run()).toEqual([]);
    expect(await pendingMigrations(given.db, directory)).toEqual([]);
    expect(await tables()).toEqual(['first', 'second', 'third']);
  });

  it('tells what it did', async () => {
    await givenFile('0001-create-first.sql', 'create table first (id int)');
    const lines: unknown[] = [];

    await migrate({ connection: { url: database.url }, directory, log: (...line) => lines.push(line) });

    const facts = { migration: '0001-create-first.sql', durationMs: expect.any(Number) };
    expect(lines).toEqual([['migration applied', facts]]);
  });

  it('everything is pending in a database that knows no migrations', async () => {
    await using fresh = await createTestDatabase({ migrationsDirectory: empty, serverUrl: serverUrl() });
    await using db = new GivenDb(fresh.url);
    await db.db.execute(sql('forget')`drop table schema_migrations`);
    await givenFile('0001-create-first.sql', 'create table first (id int)');

    expect(await pendingMigrations(db.db, directory)).toEqual(['0001-create-first.sql']);
  });

  it('several at once: each migration is applied by one of them', async () => {
    for (const n of [1, 2, 3, 4]) await givenFile(`000${n}-create-t${n}.sql`, `create table t${n} (id int)`);
    await givenFile(
      '0005-add-index.sql',
      '-- migrate: no transaction\ncreate index concurrently t1_id_idx on t1 (id);\n',
    );

    const applied = await Promise.all([run(), run(), run(), run()]);

    expect(applied.flat().sort()).toHaveLength(5);
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  });

  it('refuses a file that was edited after it had been applied, but not other line ends', async () => {
    await givenFile('0001-create-first.sql', 'create table first (\n  id int);\n');
    await run();
    await givenFile('0001-create-first.sql', 'create table first (\r\n  id int);\r\n');
    expect(await run()).toEqual([]);
    await givenFile('0001-create-first.sql', 'create table first (id bigint);\n');

    await expect(run()).rejects.toThrow('0001-create-first.sql was changed after it had been applied');
    await expect(pendingMigrations(given.db, directory)).rejects.toBeInstanceOf(MigrationError);
  });

  it('refuses a database that is newer, which is ready all the same', async () => {
    await givenFile('0001-create-first.sql', 'create table first (id int)');
    const older = `${directory}-older`;
    await cp(directory, older, { recursive: true });
    await givenFile('0002-create-second.sql', 'create table second (id int)');
    await run();

    const outdated = migrate({ url: database.url, directory: older });

    await expect(outdated).rejects.toThrow(/the database has 0002-create-second\.sql, .* newer release/);
    expect(await pendingMigrations(given.db, older)).toEqual([]);
    await rm(older, { recursive: true });
  });

  it.each([
    ['a gap', ['0001-create-a.sql', '0003-create-c.sql'], 'migration 0002 is missing, but 0003-create-c.sql exists'],
    ['a double version', ['0001-create-a.sql', '0001-create-b.sql'], 'have the same version'],
    ['a malformed name', ['0001_create_a.sql'], '0001_create_a.sql is not named like 0001-verb-noun.sql'],
  ])('refuses %s and applies nothing', async (_what, names, message) => {
    for (const name of names) await givenFile(name, 'create table t (id int)');

    await expect(run()).rejects.toThrow(message);
    expect(await tables()).toEqual([]);
  });

  it('refuses a file that ends its own transaction', async () => {
    await givenFile('0001-create-a.sql', 'create table a (id int);\nCOMMIT;\ncreate table b (id int);');

    await expect(run()).rejects.toThrow('0001-create-a.sql begins or ends a transaction');
  });

  it('a failing migration leaves nothing behind, the ones before it stay', async () => {
    await givenFile('0001-create-first.sql', 'create table first (id int)');
    await givenFile('0002-create-second.sql', 'create table second (id int);\ninsert into nowhere values (1);');

    await expect(run()).rejects.toThrow(/0002-create-second\.sql failed, it left nothing behind: .*nowhere/);
    expect(await tables()).toEqual(['first']);
    await givenFile('0002-create-second.sql', 'create table second (id int);');
    expect(await run()).toEqual(['0002-create-second.sql']);
  });

  it('a migrator that dies in the middle leaves nothing behind and no lock', async () => {
    await givenFile('0001-create-first.sql', 'create table first (id int);\nselect pg_advisory_xact_lock(81);');
    await given.db.transaction(async (holder) => {
      await holder.row(sql('hold_81')`select pg_advisory_xact_lock(81)`);
      const dying = expect(run()).rejects.toBeInstanceOf(MigrationError);
      await terminate(given.db, await waiterFor(given.db, 81));
      await dying;
    });

    expect(await tables()).toEqual([]);
    expect(await run()).toEqual(['0001-create-first.sql']);
  });

  it('runs an opted-out file statement by statement, again after it failed half-way', async () => {
    await givenFile('0001-create-first.sql', 'create table first (id int);\ninsert into first values (1), (1);');
    const build =
      'drop index concurrently if exists first_id_key;\ncreate unique index concurrently first_id_key on first (id);';
    await givenFile('0002-index-first.sql', `-- migrate: no transaction\n${build}\n`);

    await expect(run()).rejects.toThrow('0002-index-first.sql failed, it may be half done');
    await given.db.execute(sql('deduplicate')`delete from first where ctid = '(0,1)'`);

    expect(await run()).toEqual(['0002-index-first.sql']);
    const index = await given.db.row(
      sql('index_state')`select indisvalid as valid from pg_index where indexrelid = 'first_id_key'::regclass`,
    );
    expect(index).toEqual({ valid: true });
  });

  it('gives up on a table that an application holds, and leaves the queue', async () => {
    await givenFile('0001-create-first.sql', 'create table first (id int)');
    await run();
    await givenFile('0002-widen-first.sql', 'alter table first add column note text');

    await given.db.transaction(async (holder) => {
      await holder.rows(sql('read_first')`select id from first`);
      await expect(migrate({ url: database.url, directory, lockTimeoutMs: 50 })).rejects.toThrow(/lock timeout/);
    });
    expect(await run()).toEqual(['0002-widen-first.sql']);
  });

  it('gives up on another migrator that does not end', async () => {
    await givenFile('0001-create-first.sql', 'create table first (id int);\nselect pg_advisory_xact_lock(82);');
    await given.db.transaction(async (holder) => {
      await holder.row(sql('hold_82')`select pg_advisory_xact_lock(82)`);
      const first = run();
      await waiterFor(given.db, 82);
      await expect(migrate({ url: database.url, directory, waitMs: 1 })).rejects.toThrow(
        'another migrator held the lock',
      );
      await terminate(given.db, await waiterFor(given.db, 82));
      await expect(first).rejects.toBeInstanceOf(MigrationError);
    });
  });

  it('DatabaseUnavailableError: nobody listens', async () => {
    const url = 'postgres://postgres@127.0.0.1:1/nowhere';

    await expect(migrate({ url, directory })).rejects.toBeInstanceOf(DatabaseUnavailableError);
  });
});
