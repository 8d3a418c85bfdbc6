import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CheckViolationError,
  DatabaseError,
  DatabaseUnavailableError,
  ForeignKeyViolationError,
  InvalidValueError,
  LockTimeoutError,
  NotNullViolationError,
  StatementTimeoutError,
  TooManyRowsError,
  UniqueViolationError,
  sql,
} from '../src/index.ts';
import type { Db } from '../src/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { GivenDb, backendPid, givenDatabase } from './given.ts';

const insertNote = (db: Db, title: string): Promise<number> =>
  db.execute(sql('insert_note')`insert into notes (title) values (${title})`);

describe('statements on PgDb', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await givenDatabase();
  });
  afterAll(() => database.drop());

  it('answers rows, one row, no row and a count', async () => {
    await using given = new GivenDb(database.url);
    await insertNote(given.db, 'first');
    await insertNote(given.db, 'second');
    const select = sql('list_notes')`select title from notes where title = any(${['first', 'second']}) order by title`;

    expect(await given.db.rows(select)).toEqual([{ title: 'first' }, { title: 'second' }]);
    expect(await given.db.row(sql('find_note')`select title from notes where title = ${'first'}`)).toEqual({
      title: 'first',
    });
    expect(await given.db.row(sql('find_note')`select title from notes where title = ${'third'}`)).toBeUndefined();
    expect(await given.db.execute(sql('touch_notes')`update notes set size_bytes = 1 where title like ${'%s%'}`)).toBe(
      2,
    );
    await expect(given.db.row(select)).rejects.toBeInstanceOf(TooManyRowsError);
  });

  it('plans a statement once for all its values', async () => {
    await using given = new GivenDb(database.url, { poolMax: 1 });
    const page = (from: string): Promise<readonly object[]> =>
      given.db.rows(sql('page_of_notes')`select id from notes where title >= ${from} order by title limit ${10}`);
    for (let run = 0; run < 10; run += 1) await page(`from ${run}`);

    const plans = sql('count_plans')`
      select generic_plans, custom_plans from pg_prepared_statements where name = ${'page_of_notes'}`;
    expect(await given.db.row(plans)).toEqual({ generic_plans: 10, custom_plans: 0 });
  });

  it('turns columns into faithful values', async () => {
    await using given = new GivenDb(database.url);
    const row = await given.db.row(sql('all_kinds')`
      select 9007199254740991::int8 as big, '{1,{2}}'::text as text, array[1, null, 3]::int8[] as bigs, null::int8 as none,
        timestamptz '2026-01-02 03:04:05.678+09' as moment, date '2026-01-02' as day, 1.50::numeric as price,
        '{"a": [1]}'::jsonb as json, '\\x00ff'::bytea as bytes`);

    expect(row).toEqual({
      big: 9007199254740991,
      text: '{1,{2}}',
      bigs: [1, null, 3],
      none: null,
      moment: new Date('2026-01-01T18:04:05.678Z'),
      day: '2026-01-02',
      price: '1.50',
      json: { a: [1] },
      bytes: Buffer.from([0, 255]),
    });
  });

  it('refuses an int8 beyond 2^53 and keeps the connection', async () => {
    await using given = new GivenDb(database.url, { poolMax: 1 });
    const pid = await backendPid(given.db);

    const reading = given.db.row(sql('too_big')`select 9007199254740993::int8 as big`);

    await expect(reading).rejects.toBeInstanceOf(InvalidValueError);
    expect(await backendPid(given.db)).toBe(pid);
  });

  it('names the constraint that was violated', async () => {
    await using given = new GivenDb(database.url);
    const { db } = given;
    await insertNote(db, 'taken');

    await expect(insertNote(db, 'taken')).rejects.toMatchObject({
      constraint: 'notes_title_key',
      statement: 'insert_note',
    });
    await expect(insertNote(db, 'taken')).rejects.toBeInstanceOf(UniqueViolationError);
    const orphan = db.execute(sql('insert_orphan')`insert into notes (title, parent_id) values ('orphan', -1)`);
    await expect(orphan).rejects.toBeInstanceOf(ForeignKeyViolationError);
    const negative = db.execute(sql('insert_negative')`insert into notes (title, size_bytes) values ('negative', -1)`);
    await expect(negative).rejects.toBeInstanceOf(CheckViolationError);
    const untitled = db.execute(sql('insert_untitled')`insert into notes (title) values (${null})`);
    await expect(untitled).rejects.toMatchObject({ constructor: NotNullViolationError, column: 'title' });
  });

  it('keeps values out of its errors', async () => {
    await using given = new GivenDb(database.url);
    await insertNote(given.db, 'hunter2');
    const errors = await Promise.all([
      insertNote(given.db, 'hunter2').catch((error: unknown) => error),
      given.db.row(sql('bad_uuid')`select ${'hunter2'}::uuid`).catch((error: unknown) => error),
      given.db.row(sql('nul')`select ${'hunter2\0'}::text`).catch((error: unknown) => error),
    ]);

    const [taken, malformed, nul] = errors;
    expect(taken).toBeInstanceOf(UniqueViolationError);
    expect(malformed).toBeInstanceOf(InvalidValueError);
    expect(nul).toBeInstanceOf(InvalidValueError);
    for (const error of errors as DatabaseError[]) {
      const everything = [error, error.cause].map((part) => JSON.stringify(Object.getOwnPropertyDescriptors(part)));
      expect(everything.join()).not.toContain('hunter2');
    }
  });

  it('keeps its connections through a flood of duplicates', async () => {
    await using given = new GivenDb(database.url, { poolMax: 3 });
    await insertNote(given.db, 'again');
    const flood = Array.from({ length: 300 }, () => insertNote(given.db, 'again').catch((error: unknown) => error));

    const errors = await Promise.all(flood);

    expect(errors.every((error) => error instanceof UniqueViolationError)).toBe(true);
    expect(given.db.stats).toMatchObject({ opened: 3, discarded: 0, total: 3, idle: 3, waiting: 0, max: 3 });
  });

  it('StatementTimeoutError: the server cancels what runs too long, and the connection lives on', async () => {
    await using given = new GivenDb(database.url, { poolMax: 1, lockTimeoutMs: 900, statementTimeoutMs: 1_000 });
    const pid = await backendPid(given.db);

    const slow = given.db.row(sql('slow', { repeatable: true })`select pg_sleep(100)`);

    await expect(slow).rejects.toBeInstanceOf(StatementTimeoutError);
    expect(await backendPid(given.db)).toBe(pid);
    expect(given.recoveries).toEqual([]);
  });

  it('LockTimeoutError: a row is locked for too long', async () => {
    await using given = new GivenDb(database.url, { lockTimeoutMs: 50 });
    const update = sql('update_left')`update counters set value = 1 where name = 'left'`;

    await given.db.transaction(async (holder) => {
      await holder.execute(update);
      await expect(given.db.execute(update)).rejects.toBeInstanceOf(LockTimeoutError);
    });
  });

  it('DatabaseUnavailableError: no connection becomes free', async () => {
    await using given = new GivenDb(database.url, { poolMax: 1, acquireTimeoutMs: 2_000 });

    await given.db.transaction(async () => {
      const starved = given.db.ping();
      expect(given.db.stats).toMatchObject({ waiting: 1, idle: 0 });
      await expect(starved).rejects.toMatchObject({ constructor: DatabaseUnavailableError, reason: 'pool-exhausted' });
    });
    await given.db.ping();
    expect(given.db.stats).toMatchObject({ acquireFailures: 1, opened: 1 });
  });

  it('refuses one name for two texts', async () => {
    await using given = new GivenDb(database.url);
    await given.db.row(sql('twin')`select 1`);

    await expect(given.db.row(sql('twin')`select 2`)).rejects.toThrow('different texts are named twin');
  });

  it('goes on after a column changed its type under prepared statements', async () => {
    await using given = new GivenDb(database.url, { poolMax: 4 });
    const select = (): Promise<unknown> => given.db.rows(sql('read_counters')`select * from counters order by name`);
    await Promise.all([select(), select(), select(), select()]);
    expect(given.db.stats.opened).toBe(4);

    await given.db.execute(sql('widen')`alter table counters add column unit text`);
    const answers = await Promise.all([select(), select(), select(), select(), select()]);

    for (const answer of answers)
      expect(answer).toContainEqual({ name: 'left', value: expect.any(Number), unit: null });
  });

  it('rejects what the server cannot parse with the statement’s name', async () => {
    await using given = new GivenDb(database.url);

    const nonsense = given.db.row(sql('nonsense')`selec 1`);

    await expect(nonsense).rejects.toMatchObject({
      constructor: DatabaseError,
      statement: 'nonsense',
      sqlState: '42601',
    });
  });
});
