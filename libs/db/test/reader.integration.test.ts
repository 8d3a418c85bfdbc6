import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InvalidValueError, ReadOnlyTransactionError, sql } from '../src/index.ts';
import type { Db, PgDbOptions } from '../src/index.ts';
import { FaultyTcpProxy } from '../src/testing/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { GivenDb, givenDatabase } from './given.ts';

/** The database behind the reader is the same one; which pool answered is told by whether the session is read-only. */
const askReader = async (db: Db): Promise<string | undefined> => {
  const row = await db.row<{ setting: string }>(
    sql('ask_session')`select current_setting('default_transaction_read_only') as setting`,
  );
  return row?.setting === 'on' ? 'replica' : 'primary';
};

describe('reader of PgDb', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await givenDatabase();
  });
  afterAll(() => database.drop());

  const givenReader = (proxy: FaultyTcpProxy, options: Partial<PgDbOptions> = {}): GivenDb =>
    new GivenDb(database.url, { readerConnection: { url: proxy.through(database.url) }, ...options });

  it('is the primary when there is no replica', async () => {
    await using given = new GivenDb(database.url);

    expect(await askReader(given.db.reader)).toBe('primary');
    expect(given.db.readerStats).toBeUndefined();
  });

  it('is the replica when there is one', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = givenReader(proxy);

    expect(await askReader(given.db.reader)).toBe('replica');
    expect(given.db.stats.opened).toBe(0);
    expect(given.db.readerStats).toMatchObject({ opened: 1, idle: 1, total: 1, waiting: 0, max: 10 });
  });

  it.each(['refuse', 'reset', 'blackhole'] as const)('falls back to the primary: %s', async (mode) => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    // It is the primary's deadline too, which has to be in time.
    await using given = givenReader(proxy, mode === 'blackhole' ? { connectTimeoutMs: 2_000 } : {});
    await proxy.setMode(mode);

    expect(await askReader(given.db.reader)).toBe('primary');
    expect(given.recoveries).toEqual([
      expect.objectContaining({ action: 'primary answered for the reader', statement: 'ask_session' }),
    ]);
  });

  it('falls back when the replica falls silent in the middle', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = givenReader(proxy, { lockTimeoutMs: 1_000, statementTimeoutMs: 1_500, queryTimeoutMs: 2_000 });
    await askReader(given.db.reader);
    await proxy.setMode('blackhole');

    expect(await askReader(given.db.reader)).toBe('primary');
  });

  it('leaves a replica alone that was away, then tries again', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using patient = givenReader(proxy, { readerRetryAfterMs: 600_000 });
    await using eager = givenReader(proxy, { readerRetryAfterMs: 0.001 });
    await proxy.setMode('reset');
    await askReader(patient.db.reader);
    await askReader(eager.db.reader);
    await proxy.setMode('pass');
    const { accepted } = proxy;

    expect(await askReader(patient.db.reader)).toBe('primary');
    expect(proxy.accepted).toBe(accepted);
    expect(await askReader(eager.db.reader)).toBe('replica');
  });

  it('refuses writes, on the replica and on the primary in its place', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = givenReader(proxy);
    await using alone = new GivenDb(database.url);
    const hidden = sql('hidden_write')`select nextval('notes_id_seq') as id`;
    const evident = sql('evident_write')`insert into notes (title) values ('never')`;

    await expect(given.db.reader.row(hidden)).rejects.toBeInstanceOf(ReadOnlyTransactionError);
    await expect(alone.db.reader.execute(evident)).rejects.toBeInstanceOf(ReadOnlyTransactionError);
    expect(given.recoveries).toEqual([]);
  });

  it('does not ask the primary about what is the statement’s own fault', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await using given = givenReader(proxy);

    await expect(given.db.reader.row(sql('bad')`select ${'x'}::uuid`)).rejects.toBeInstanceOf(InvalidValueError);
    expect(given.db.stats.opened).toBe(0);
  });
});
