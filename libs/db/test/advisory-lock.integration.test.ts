import { once } from 'node:events';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AdvisoryLock, AdvisoryLockLostError, DatabaseUnavailableError, sql } from '../src/index.ts';
import type { AdvisoryLockOptions } from '../src/index.ts';
import { FaultyTcpProxy } from '../src/testing/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { GivenDb, givenDatabase, terminate, until } from './given.ts';

let database: TestDatabase;
let given: GivenDb;
beforeAll(async () => {
  database = await givenDatabase();
  given = new GivenDb(database.url);
});
afterAll(async () => {
  await given[Symbol.asyncDispose]();
  await database.drop();
});

function tryLock(name: string, options: Partial<AdvisoryLockOptions> = {}): Promise<AdvisoryLock | undefined> {
  return AdvisoryLock.tryAcquire({
    connection: { url: database.url },
    name,
    applicationName: `lock ${name}`,
    ...{ connectTimeoutMs: 60_000, answerTimeoutMs: 60_000 },
    ...options,
  });
}

async function givenLock(name: string, options: Partial<AdvisoryLockOptions> = {}): Promise<AdvisoryLock> {
  const lock = await tryLock(name, options);
  if (lock === undefined) throw new Error(`somebody holds ${name}`);
  return lock;
}

/** Resolves with the error the lock was lost with. */
async function lossOf(lock: AdvisoryLock): Promise<unknown> {
  if (!lock.lost.aborted) await once(lock.lost, 'abort');
  return lock.lost.reason;
}

async function sessionOf(name: string): Promise<number | undefined> {
  const row = await given.db.row<{ pid: number }>(
    sql('test_lock_session')`select pid from pg_stat_activity where application_name = ${`lock ${name}`}`,
  );
  return row?.pid;
}

describe('AdvisoryLock', () => {
  it('has one holder at a time for a name, and one for each name', async () => {
    await using lock = await givenLock('a');
    expect(await tryLock('a')).toBeUndefined();
    await using other = await givenLock('b');
    expect([lock.lost.aborted, other.lost.aborted]).toEqual([false, false]);
  });

  it('is free as soon as it is released, and its connection is closed', async () => {
    const lock = await givenLock('released');
    await lock.release();
    await lock.release();
    await using next = await givenLock('released');
    expect(next.lost.aborted).toBe(false);
    expect(lock.lost.aborted).toBe(false);
  });

  it('leaves no connection behind when somebody else has it', async () => {
    await using lock = await givenLock('taken');
    await tryLock('taken', { applicationName: 'lock refused' });
    await until(async () => (await sessionOf('refused')) === undefined);
    expect(lock.lost.aborted).toBe(false);
  });

  it('is free when its process was killed', async () => {
    const holder = fork(join(__dirname, 'hold-lock.ts'), [database.url, 'killed'], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    await once(holder, 'message');
    expect(await tryLock('killed')).toBeUndefined();
    holder.kill('SIGKILL');
    let lock: AdvisoryLock | undefined;
    await until(async () => (lock = await tryLock('killed')) !== undefined);
    await lock?.release();
  });

  it('tells its holder that the server ended the session', async () => {
    await using lock = await givenLock('ended');
    await terminate(given.db, (await sessionOf('ended')) ?? 0);
    expect(await lossOf(lock)).toBeInstanceOf(AdvisoryLockLostError);
    await using next = await givenLock('ended');
    expect(next.lost.aborted).toBe(false);
  });

  it.each(['reset', 'blackhole'] as const)('tells its holder that the network was lost: %s', async (mode) => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    const connection = { url: proxy.through(database.url) };
    await using lock = await givenLock(mode, { connection, checkEveryMs: 20, answerTimeoutMs: 2_000 });
    await proxy.setMode(mode);
    expect(await lossOf(lock)).toBeInstanceOf(AdvisoryLockLostError);
  });

  it('says why there is no connection', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(database.url);
    await proxy.setMode('refuse');
    const locking = tryLock('unreachable', { connection: { url: proxy.through(database.url) } });
    await expect(locking).rejects.toThrow(DatabaseUnavailableError);
  });
});
