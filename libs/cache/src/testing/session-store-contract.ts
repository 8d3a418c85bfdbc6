import { beforeEach, describe, expect, it } from '@jest/globals';
import { SESSION_ALIVE, SESSION_ENDED, SessionStore } from '../session-store.ts';
import type { Versioned, VersionedCache } from '../versioned-cache.ts';
import type { MemoryCacheEpoch } from './memory-cache-epoch.ts';
import { TurnableClock } from './turnable-clock.ts';

interface TestSession {
  readonly user: string;
  readonly startedAt: number;
  readonly lastUsedAt: number;
}

/** A cache for the sessions, and its epoch. */
export interface SessionStoreSubject {
  readonly cache: VersionedCache<TestSession>;
  readonly epoch: MemoryCacheEpoch;
}

/** What a SessionStore promises over any cache. */
export function describeSessionStoreContract(given: () => Promise<SessionStoreSubject> | SessionStoreSubject): void {
  let subject: SessionStoreSubject;
  let clock: TurnableClock;
  let sessions: SessionStore<TestSession>;
  let truth: Map<string, Versioned<TestSession>>;
  let loads: number;
  beforeEach(async () => {
    subject = await given();
    clock = new TurnableClock(1_700_000_000_000);
    truth = new Map();
    loads = 0;
    sessions = new SessionStore({
      cache: subject.cache,
      absoluteLifetimeMs: 100_000,
      idleLifetimeMs: 30_000,
      startedAt: (session) => session.startedAt,
      lastUsedAt: (session) => session.lastUsedAt,
      now: clock.now,
    });
  });
  const load = (id: string) => async (): Promise<Versioned<TestSession>> => {
    loads += 1;
    return truth.get(id) ?? { generation: 0, value: undefined };
  };
  const find = (id = 'h1'): Promise<TestSession | undefined> => sessions.find(id, load(id));
  const started = async (id = 'h1'): Promise<TestSession> => {
    const session = { user: 'ada', startedAt: clock.now(), lastUsedAt: clock.now() };
    truth.set(id, { generation: SESSION_ALIVE, value: session });
    await sessions.start(id, session);
    return session;
  };

  describe('session store', () => {
    it('finds a session that was started, without asking the truth', async () => {
      const session = await started();
      expect(await find()).toEqual(session);
      expect(loads).toBe(0);
    });

    it('asks the truth for one it does not know, once', async () => {
      const session = { user: 'bob', startedAt: clock.now(), lastUsedAt: clock.now() };
      truth.set('h2', { generation: SESSION_ALIVE, value: session });
      expect([await find('h2'), await find('h2')]).toEqual([session, session]);
      expect(loads).toBe(1);
    });

    it('keeps nothing of made-up tokens', async () => {
      expect([await find('x'), await find('x')]).toEqual([undefined, undefined]);
      expect(loads).toBe(2);
    });

    it('never finds one that ended, though a slow reader still has it', async () => {
      const session = await started();
      const mark = subject.cache.beginLoad();
      await sessions.end('h1');
      await subject.cache.fill('h1', { generation: SESSION_ALIVE, value: session }, mark);
      await sessions.touch('h1', session);
      expect(await find()).toBeUndefined();
      expect(loads).toBe(0);
    });

    it('ends many', async () => {
      await Promise.all(['h1', 'h2', 'h3'].map(started));
      await sessions.endAll(['h1', 'h3']);
      expect(await find('h1')).toBeUndefined();
      expect(await find('h2')).toMatchObject({ user: 'ada' });
      expect(await find('h3')).toBeUndefined();
    });

    it('says so when an end is not confirmed; finding goes on from the truth', async () => {
      const session = await started();
      subject.epoch.close();
      await expect(sessions.end('h1')).rejects.toMatchObject({ name: 'CacheUnavailableError' });
      await expect(sessions.endAll(['h1', 'h2'])).rejects.toMatchObject({ name: 'CacheUnavailableError' });
      await sessions.touch('h1', session);
      expect(await find()).toEqual(session);
      truth.set('h1', { generation: SESSION_ENDED, value: undefined });
      expect(await find()).toBeUndefined();
    });

    it('ends with the absolute lifetime, however much it is used', async () => {
      const session = await started();
      clock.advance(99_999);
      await sessions.touch('h1', { ...session, lastUsedAt: clock.now() });
      expect(await find()).toBeDefined();
      clock.advance(1);
      expect(await find()).toBeUndefined();
    });

    it('ends with the idle lifetime, by the word of the truth alone', async () => {
      const session = await started();
      clock.advance(30_000);
      truth.set('h1', { generation: SESSION_ALIVE, value: { ...session, lastUsedAt: clock.now() - 1 } });
      expect(await find()).toMatchObject({ lastUsedAt: clock.now() - 1 });
      expect(await find()).toMatchObject({ lastUsedAt: clock.now() - 1 });
      expect(loads).toBe(1);
      clock.advance(29_999);
      expect(await find()).toBeUndefined();
    });
  });
}
