import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseUnavailableError } from '../src/index.ts';
import type { DatabaseConnection } from '../src/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { GivenDb, backendPid, givenDatabase, serverUrl, terminate, until } from './given.ts';
import { PasswordGate } from './password-gate.ts';

describe('credentials of PgDb', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await givenDatabase();
  });
  afterAll(() => database.drop());

  const connectionTo = ({ port }: PasswordGate, password: () => Promise<string>): DatabaseConnection => {
    const { username, pathname } = new URL(database.url);
    return { host: '127.0.0.1', port, database: pathname.slice(1), user: username, password };
  };

  it('asks for a fresh password for every new connection', async () => {
    const valid = new Set(['token-1']);
    let issued = 0;
    await using gate = await PasswordGate.inFrontOf(serverUrl(), (password) => valid.delete(password));
    const password = async (): Promise<string> => {
      issued += 1;
      valid.add(`token-${issued}`);
      return `token-${issued}`;
    };
    await using given = new GivenDb(database.url, { connection: connectionTo(gate, password), poolMax: 1 });
    await using admin = new GivenDb(database.url);

    await terminate(admin.db, await backendPid(given.db));
    await until(async () => given.poolErrors.length > 0);
    await given.db.ping();
    await given.db.ping();

    expect(issued).toBe(2);
  });

  it('rejected: a password the server does not take, asked for once', async () => {
    let issued = 0;
    await using gate = await PasswordGate.inFrontOf(serverUrl(), () => false);
    const password = async (): Promise<string> => `old-${String((issued += 1))}`;
    await using given = new GivenDb(database.url, { connection: connectionTo(gate, password) });

    await expect(given.db.ping()).rejects.toMatchObject({ constructor: DatabaseUnavailableError, reason: 'rejected' });
    expect(issued).toBe(1);
  });

  it('connect-failed: no password to be had; the cause says why', async () => {
    const reason = new Error('the secret store is away');
    await using gate = await PasswordGate.inFrontOf(serverUrl(), () => true);
    const password = (): Promise<string> => Promise.reject(reason);
    await using given = new GivenDb(database.url, { connection: connectionTo(gate, password) });

    await expect(given.db.ping()).rejects.toMatchObject({ reason: 'connect-failed', cause: reason });
  });

  it('connect-timeout: a password function that never answers', async () => {
    await using gate = await PasswordGate.inFrontOf(serverUrl(), () => true);
    const password = (): Promise<string> => Promise.withResolvers<string>().promise;
    await using given = new GivenDb(database.url, { connection: connectionTo(gate, password), connectTimeoutMs: 50 });

    await expect(given.db.ping()).rejects.toMatchObject({ reason: 'connect-timeout' });
  });
});
