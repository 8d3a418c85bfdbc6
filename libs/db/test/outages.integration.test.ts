import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseUnavailableError, sql } from '../src/index.ts';
import type { Db, PgDbOptions, TransactionalDb } from '../src/index.ts';
import { FaultyTcpProxy } from '../src/testing/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { GivenDb, backendPid, countNotes, givenDatabase, terminate, until, waiterFor } from './given.ts';

const unavailable = (reason: string, mayHaveRun = false): object => ({
  constructor: DatabaseUnavailableError,
  reason,
  mayHaveRun,
});
const insertNote = (db: Db, title: string): Promise<number> =>
  db.execute(sql('insert_note')`insert into notes (title) values (${title})`);
const readOne = (db: Db): Promise<unknown> => db.row(sql('read_one')`select 1 as one`);

/** Deadlines of a statement that are short enough to wait for, and long enough for one that is answered. */
const impatient: Partial<PgDbOptions> = { lockTimeoutMs: 1_000, statementTimeoutMs: 1_500, queryTimeoutMs: 2_000 };

describe('PgDb when the database goes away', () => {
  let database: TestDatabase;
  let admin: GivenDb;
  beforeAll(async () => {
    database = await givenDatabase();
    admin = new GivenDb(database.url);
  });
  afterAll(async () => {
    await admin.db.close();
    await database.drop();
  });

  it('survives the end of an idle connection and tells of it', async () => {
    await using given = new GivenDb(database.url, { poolMax: 1 });
    const pid = await backendPid(given.db);

    await terminate(admin.db, pid);
    await until(async () => given.poolErrors.length > 0);

    expect(given.poolErrors).toEqual([expect.objectContaining({ reason: 'shutting-down', sqlState: '57P01' })]);
    expect(await backendPid(given.db)).not.toBe(pid);
  });

  it('repeats a repeatable statement whose connection was terminated', async () => {
    await using given = new GivenDb(database.url, { poolMax: 1 });
    const read = await admin.db.transaction(async (holder) => {
      await holder.row(sql('hold_lock')`select pg_advisory_xact_lock(${71})`);
      const reading = given.db.row(
        sql('await_lock', { repeatable: true })`select 'read' as word from pg_advisory_xact_lock_shared(${71})`,
      );
      await terminate(admin.db, await waiterFor(admin.db, 71));
      return { reading };
    });

    expect(await read.reading).toEqual({ word: 'read' });
    expect(given.recoveries).toEqual([
      expect.objectContaining({ action: 'statement repeated', statement: 'await_lock' }),
    ]);
  });

  it('does not repeat a write whose connection was terminated', async () => {
    await using given = new GivenDb(database.url, { poolMax: 1 });
    const before = await countNotes(admin.db);

    await admin.db.transaction(async (holder) => {
      await holder.row(sql('hold_lock')`select pg_advisory_xact_lock(${72})`);
      const writing = given.db.execute(
        sql('insert_after_lock')`insert into notes (title) select 'late' from pg_advisory_xact_lock(${72})`,
      );
      const failing = expect(writing).rejects.toMatchObject(unavailable('shutting-down', true));
      await terminate(admin.db, await waiterFor(admin.db, 72));
      await failing;
    });

    expect(given.recoveries).toEqual([]);
    expect(await countNotes(admin.db)).toBe(before);
  });

  it('does not repeat a write whose answer was lost, and says that it may have run', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = new GivenDb(proxy.through(database.url), { ...impatient, maxRepeats: 3 });
    await given.db.ping();

    await proxy.setMode('mute');

    await expect(insertNote(given.db, 'once')).rejects.toMatchObject(unavailable('no-answer', true));
    const notes = () => admin.db.rows(sql('find_note')`select title from notes where title = ${'once'}`);
    await until(async () => (await notes()).length > 0);
    expect(await notes()).toHaveLength(1);
    expect(given.db.stats).toMatchObject({ total: 0, discarded: 1 });
  });

  it('repeats a read on a new connection when the old one is a black hole', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = new GivenDb(proxy.through(database.url), {
      ...impatient,
      onRecovery: () => void proxy.setMode('pass'),
    });
    await given.db.ping();

    await proxy.setMode('blackhole');

    expect(await readOne(given.db)).toEqual({ one: 1 });
    expect(given.db.stats).toMatchObject({ opened: 2, discarded: 1 });
  });

  it.each([
    ['blackhole', 'connect-timeout', { connectTimeoutMs: 200 }],
    ['refuse', 'connect-failed', {}],
    ['reset', 'connect-failed', {}],
  ] as const)('%s before a session: %s', async (mode, reason, options) => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = new GivenDb(proxy.through(database.url), { ...options, maxRepeats: 1 });
    await proxy.setMode(mode);

    await expect(readOne(given.db)).rejects.toMatchObject(unavailable(reason));
    expect(given.recoveries).toHaveLength(1);
    expect(given.db.stats.total).toBe(0);
  });

  it('repeats even a write when no connection could be made, as nothing was sent', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = new GivenDb(proxy.through(database.url), { onRecovery: () => void proxy.setMode('pass') });
    await proxy.setMode('refuse');

    expect(await insertNote(given.db, 'patient')).toBe(1);
  });

  it('heals after every connection was reset', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = new GivenDb(proxy.through(database.url), { poolMax: 4 });
    await Promise.all(Array.from({ length: 4 }, () => readOne(given.db)));

    await proxy.setMode('reset');
    await proxy.setMode('pass');

    expect(await Promise.all(Array.from({ length: 8 }, () => readOne(given.db)))).toHaveLength(8);
  });

  it('discards a connection that became read-only and writes on another', async () => {
    await using given = new GivenDb(database.url, { poolMax: 1 });
    const pid = await backendPid(given.db);
    await given.db.execute(sql('demote')`set session characteristics as transaction read only`);

    expect(await insertNote(given.db, 'after the fail-over')).toBe(1);
    expect(await backendPid(given.db)).not.toBe(pid);
    expect(given.db.stats).toMatchObject({ opened: 2, discarded: 1 });
  });

  it('has all pooled connections replaced when one of them turned out read-only', async () => {
    await using given = new GivenDb(database.url, { poolMax: 4, maxRepeats: 1 });
    const demote = sql('demote')`set session characteristics as transaction read only`;
    const held = Array.from({ length: 4 }, () => Promise.withResolvers<undefined>());
    const demoting = held.map(({ resolve }) =>
      given.db.transaction(async (db) => {
        await db.execute(demote);
        resolve(undefined);
        await Promise.all(held.map((each) => each.promise));
      }),
    );
    await Promise.all([...demoting, ...held.map(({ promise }) => promise)]);

    const writes = ['w1', 'w2', 'w3', 'w4', 'w5'].map((title) => insertNote(given.db, title));

    expect(await Promise.all(writes)).toEqual([1, 1, 1, 1, 1]);
  });

  it('says read-only when the server stays so', async () => {
    const role = `reader_${String(process.pid)}`;
    await createReadOnlyRole(admin.db, role);
    const url = new URL(database.url);
    url.username = role;
    await using given = new GivenDb(url.href, { maxRepeats: 1 });

    await expect(insertNote(given.db, 'never')).rejects.toMatchObject(unavailable('read-only'));
    expect(given.db.stats.discarded).toBe(2);
    await dropRole(admin.db, role);
  });

  it('says rejected, once, for a database that does not exist', async () => {
    const url = new URL(database.url);
    url.pathname = '/no_such_database';
    await using given = new GivenDb(url.href);

    await expect(readOne(given.db)).rejects.toMatchObject(unavailable('rejected'));
    expect(given.recoveries).toEqual([]);
  });

  it('close: cuts off what does not end in time, and says closed afterwards', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = new GivenDb(proxy.through(database.url), { closeTimeoutMs: 100 });
    await Promise.all([readOne(given.db), readOne(given.db)]);
    await proxy.setMode('blackhole');
    const stuck = expect(insertNote(given.db, 'stuck')).rejects.toMatchObject(unavailable('connection-lost', true));

    await given.db.close();

    await stuck;
    await expect(readOne(given.db)).rejects.toMatchObject(unavailable('closed'));
    await given.db.close();
  });

  it('close: lets work under way finish', async () => {
    await using given = new GivenDb(database.url, { closeTimeoutMs: 120_000 });
    const { working, closing } = await admin.db.transaction(async (holder) => {
      await holder.row(sql('hold_lock')`select pg_advisory_xact_lock(${73})`);
      const waiting = given.db.row(sql('await_lock_73')`select 'done' as word from pg_advisory_xact_lock(${73})`);
      await waiterFor(admin.db, 73);
      return { working: waiting, closing: given.db.close() };
    });

    expect(await working).toEqual({ word: 'done' });
    await closing;
  });
});

async function createReadOnlyRole(db: TransactionalDb, role: string): Promise<void> {
  // A role name cannot be bound; the block quotes it.
  await db.transaction(async (tx) => {
    await tx.row(sql('set_role_name')`select set_config('test.role', ${role}, false)`);
    await tx.execute(sql('make_role')`do $$ begin
      execute format('create role %I login superuser', current_setting('test.role'));
      execute format('alter role %I set default_transaction_read_only = on', current_setting('test.role'));
    end $$`);
  });
}

async function dropRole(db: TransactionalDb, role: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.row(sql('set_role_name')`select set_config('test.role', ${role}, false)`);
    await tx.execute(
      sql('drop_role')`do $$ begin execute format('drop role %I', current_setting('test.role')); end $$`,
    );
  });
}
