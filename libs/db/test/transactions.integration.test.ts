import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DatabaseError,
  DatabaseUnavailableError,
  ForeignKeyViolationError,
  ReadOnlyTransactionError,
  SerializationError,
  TransactionAbortedError,
  TransactionTimeoutError,
  UniqueViolationError,
  sql,
} from '../src/index.ts';
import type { Db } from '../src/index.ts';
import { FaultyTcpProxy } from '../src/testing/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { GivenDb, backendPid, givenDatabase, terminate, until } from './given.ts';

const insertNote = (db: Db, title: string): Promise<number> =>
  db.execute(sql('insert_note')`insert into notes (title) values (${title})`);
const titled = (db: Db, title: string): Promise<readonly object[]> =>
  db.rows(sql('find_note')`select title from notes where title = ${title}`);
const readCounter = async (db: Db, name: string): Promise<number> =>
  (await db.row<{ value: number }>(sql('read_counter')`select value from counters where name = ${name}`))?.value ?? NaN;
const writeCounter = (db: Db, name: string, value: number): Promise<number> =>
  db.execute(sql('write_counter')`update counters set value = ${value} where name = ${name}`);

describe('transactions of PgDb', () => {
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

  it('commits what resolves and answers its result', async () => {
    await using given = new GivenDb(database.url);

    const inserted = await given.db.transaction(
      async (db) => (await insertNote(db, 'a')) + (await insertNote(db, 'b')),
    );

    expect(inserted).toBe(2);
    expect(await titled(admin.db, 'b')).toHaveLength(1);
  });

  it('rolls back what rejects, rejects with the same, and keeps the connection', async () => {
    await using given = new GivenDb(database.url, { poolMax: 1 });
    const pid = await backendPid(given.db);
    const reason = new Error('changed my mind');

    const failing = given.db.transaction(async (db) => {
      await insertNote(db, 'undone');
      throw reason;
    });

    await expect(failing).rejects.toBe(reason);
    expect(await titled(given.db, 'undone')).toEqual([]);
    expect(await backendPid(given.db)).toBe(pid);
  });

  it('never reports a commit after a statement failed, though the work went on', async () => {
    await using given = new GivenDb(database.url);
    await insertNote(given.db, 'twice');

    const swallowing = given.db.transaction(async (db) => {
      await insertNote(db, 'lost');
      await insertNote(db, 'twice').catch(() => undefined);
    });

    await expect(swallowing).rejects.toMatchObject({
      constructor: TransactionAbortedError,
      cause: expect.any(UniqueViolationError),
    });
    expect(await titled(given.db, 'lost')).toEqual([]);
  });

  it('rejects when a statement was not awaited, and its db is dead afterwards', async () => {
    await using given = new GivenDb(database.url);
    let leaked: Db | undefined;

    const hasty = given.db.transaction(async (db) => {
      leaked = db;
      void insertNote(db, 'hasty').catch(() => undefined);
    });

    await expect(hasty).rejects.toBeInstanceOf(TransactionAbortedError);
    expect(await titled(given.db, 'hasty')).toEqual([]);
    await expect(leaked?.rows(sql('too_late')`select 1`)).rejects.toThrow('the transaction has ended');
  });

  it('runs statements that were started together one after the other', async () => {
    await using given = new GivenDb(database.url);

    const answers = await given.db.transaction((db) =>
      Promise.all([1, 2, 3].map((n) => db.row(sql('echo')`select ${n}::int as n, pg_backend_pid() as pid`))),
    );

    expect(answers).toMatchObject([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(new Set(answers.map((answer) => (answer as { pid: number }).pid)).size).toBe(1);
  });

  it('reports a constraint that is checked at commit', async () => {
    await using given = new GivenDb(database.url);

    const orphaned = given.db.transaction(async (db) => {
      await db.execute(sql('defer')`set constraints notes_parent_id_fkey deferred`);
      await db.execute(sql('insert_orphan')`insert into notes (title, parent_id) values ('orphan', -1)`);
    });

    await expect(orphaned).rejects.toBeInstanceOf(ForeignKeyViolationError);
    expect(await titled(given.db, 'orphan')).toEqual([]);
  });

  it('ReadOnlyTransactionError: a write where none was declared; the connection stays', async () => {
    await using given = new GivenDb(database.url);

    const writing = given.db.transaction((db) => insertNote(db, 'forbidden'), { readOnly: true });

    await expect(writing).rejects.toBeInstanceOf(ReadOnlyTransactionError);
    expect(given.db.stats.discarded).toBe(0);
  });

  it('loses no increment under real contention', async () => {
    await using given = new GivenDb(database.url, { poolMax: 4, maxRepeats: 1_000 });
    const met = Promise.withResolvers<undefined>();
    let reads = 0;
    const increment = (): Promise<void> =>
      given.db.transaction(
        async (db) => {
          const value = await readCounter(db, 'left');
          // The first two have read the same, so that one of them has to give way.
          if ((reads += 1) > 1) met.resolve(undefined);
          await met.promise;
          await writeCounter(db, 'left', value + 1);
        },
        { isolation: 'serializable', repeatable: true },
      );

    await Promise.all(Array.from({ length: 40 }, increment));

    expect(await readCounter(admin.db, 'left')).toBe(40);
    expect(given.recoveries.length).toBeGreaterThan(0);
    expect(given.recoveries.every(({ error }) => error instanceof SerializationError)).toBe(true);
  });

  it('SerializationError: work that may not be repeated is not', async () => {
    await using given = new GivenDb(database.url);
    let runs = 0;

    const overtaken = given.db.transaction(
      async (db) => {
        runs += 1;
        await readCounter(db, 'right');
        await writeCounter(admin.db, 'right', 10);
        await writeCounter(db, 'right', 20);
      },
      { isolation: 'repeatable read' },
    );

    await expect(overtaken).rejects.toBeInstanceOf(SerializationError);
    expect(runs).toBe(1);
    expect(await readCounter(admin.db, 'right')).toBe(10);
  });

  it('repeats both sides of a deadlock until they are through', async () => {
    await using given = new GivenDb(database.url);
    const met = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const;
    const cross = (
      first: string,
      second: string,
      [mine, theirs]: readonly PromiseWithResolvers<undefined>[],
    ): Promise<void> =>
      given.db.transaction(
        async (db) => {
          await writeCounter(db, first, 1);
          mine?.resolve(undefined);
          await theirs?.promise;
          await writeCounter(db, second, 1);
        },
        { repeatable: true },
      );

    await Promise.all([cross('left', 'right', met), cross('right', 'left', met.toReversed())]);

    // More than one where the server lets the repetition overtake the side that has waited.
    expect(given.recoveries.length).toBeGreaterThan(0);
    for (const recovery of given.recoveries)
      expect(recovery).toMatchObject({ action: 'transaction repeated', error: expect.any(SerializationError) });
  });

  it('runs repeatable work again when its connection is lost', async () => {
    await using given = new GivenDb(database.url);
    let runs = 0;

    await given.db.transaction(
      async (db) => {
        runs += 1;
        const pid = await backendPid(db);
        await insertNote(db, 'survivor');
        if (runs === 1) await terminate(admin.db, pid);
      },
      { repeatable: true },
    );

    expect(runs).toBe(2);
    expect(await titled(admin.db, 'survivor')).toHaveLength(1);
  });

  it('repeats anything whose connection was dead before the work began', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = new GivenDb(proxy.through(database.url), {
      ...{ lockTimeoutMs: 1_000, statementTimeoutMs: 1_500, queryTimeoutMs: 2_000 },
      onRecovery: () => void proxy.setMode('pass'),
    });
    await given.db.ping();
    await proxy.setMode('blackhole');
    let runs = 0;

    await given.db.transaction(async (db) => {
      runs += 1;
      await insertNote(db, 'unharmed');
    });

    expect(runs).toBe(1);
  });

  it('does not repeat work whose commit got no answer, repeatable or not', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = new GivenDb(proxy.through(database.url), {
      ...{ lockTimeoutMs: 1_000, statementTimeoutMs: 1_500, queryTimeoutMs: 2_000 },
    });

    const doubtful = given.db.transaction(
      async (db) => {
        await insertNote(db, 'in doubt');
        await proxy.setMode('mute');
      },
      { repeatable: true },
    );

    await expect(doubtful).rejects.toMatchObject({ constructor: DatabaseUnavailableError, mayHaveRun: true });
    await until(async () => (await titled(admin.db, 'in doubt')).length > 0);
    expect(await titled(admin.db, 'in doubt')).toHaveLength(1);
  });

  it('TransactionTimeoutError: idle for too long; the process and the pool live on', async () => {
    await using given = new GivenDb(database.url, { idleInTransactionTimeoutMs: 50, poolMax: 1 });

    const dozing = given.db.transaction(async (db) => {
      const pid = await backendPid(db);
      await until(async () => {
        const rows = await admin.db.rows(sql('find_backend')`select 1 from pg_stat_activity where pid = ${pid}`);
        return rows.length === 0;
      });
      await insertNote(db, 'dozed');
    });

    await expect(dozing).rejects.toBeInstanceOf(TransactionTimeoutError);
    await given.db.ping();
  });

  it('a lost connection that nobody asked about does not end the process', async () => {
    await using given = new GivenDb(database.url);

    const careless = given.db.transaction(async (db) => {
      await terminate(admin.db, await backendPid(db));
    });

    await expect(careless).rejects.toBeInstanceOf(DatabaseError);
    await given.db.ping();
  });
});
