import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pendingMigrations, sql } from '../src/index.ts';
import { FaultyTcpProxy, createTestDatabase } from '../src/testing/index.ts';
import { GivenDb, serverUrl } from './given.ts';

describe('createTestDatabase', () => {
  let migrationsDirectory: string;
  beforeEach(async () => {
    migrationsDirectory = await mkdtemp(path.join(os.tmpdir(), 'migrations-'));
    // Unlike any other run's, so that the template has to be made.
    await writeFile(
      path.join(migrationsDirectory, '0001-create-a.sql'),
      `-- ${migrationsDirectory}\ncreate table a (id int)`,
    );
  });
  afterEach(() => rm(migrationsDirectory, { recursive: true }));

  const create = (): ReturnType<typeof createTestDatabase> =>
    createTestDatabase({ migrationsDirectory, serverUrl: serverUrl() });

  it('gives each of many racing callers a migrated database of its own', async () => {
    const databases = await Promise.all(Array.from({ length: 6 }, create));

    for (const { url } of databases) {
      await using given = new GivenDb(url);
      expect(await pendingMigrations(given.db, migrationsDirectory)).toEqual([]);
      expect(await given.db.rows(sql('read_a')`select id from a`)).toEqual([]);
      await given.db.execute(sql('insert_a')`insert into a (id) values (1)`);
    }
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('drops a database that is in use, and may be told so twice', async () => {
    const database = await create();
    await using given = new GivenDb(database.url);
    await given.db.ping();

    await database.drop();
    await database.drop();

    await expect(given.db.ping()).rejects.toThrow();
  });
});

describe('FaultyTcpProxy', () => {
  let echo: Server;
  let proxy: FaultyTcpProxy;
  beforeEach(async () => {
    echo = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    proxy = await FaultyTcpProxy.open({ port: (echo.address() as AddressInfo).port });
  });
  afterEach(async () => {
    await proxy.close();
    echo.close();
  });

  const dial = async (): Promise<Socket> => {
    const socket = connect(proxy.port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  const say = async (socket: Socket, word: string): Promise<string> => {
    socket.write(word);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  };

  it('passes both ways', async () => {
    using socket = await disposable(dial());

    expect(await say(socket.socket, 'hello')).toBe('hello');
    expect(proxy.accepted).toBe(1);
  });

  it('keeps what a black hole swallowed until the line is good again', async () => {
    using socket = await disposable(dial());
    await say(socket.socket, 'before');
    await proxy.setMode('blackhole');
    const answer = once(socket.socket, 'data');
    socket.socket.write('after');

    await proxy.setMode('pass');

    expect(String((await answer)[0])).toBe('after');
  });

  it('accepts newcomers in a black hole', async () => {
    await proxy.setMode('blackhole');
    const next = proxy.nextConnection();
    using socket = await disposable(dial());

    await next;
    expect(socket.socket.readyState).toBe('open');
  });

  it('refuses: cuts what is open, closes the port, and opens the same port again', async () => {
    using socket = await disposable(dial());
    await say(socket.socket, 'hello');
    const { port } = proxy;
    const cut = once(socket.socket, 'close');

    await proxy.setMode('refuse');
    await cut;
    await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.setMode('pass');

    expect(proxy.port).toBe(port);
    using again = await disposable(dial());
    expect(await say(again.socket, 'again')).toBe('again');
  });

  it('resets: old connections and new ones', async () => {
    using socket = await disposable(dial());
    await say(socket.socket, 'hello');
    const failure = once(socket.socket, 'error');

    await proxy.setMode('reset');

    expect((await failure)[0]).toMatchObject({ code: 'ECONNRESET' });
    const newcomer = connect(proxy.port, '127.0.0.1');
    await expect(once(newcomer, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

/** A socket that is destroyed at the end of its scope. */
async function disposable(opening: Promise<Socket>): Promise<Disposable & { readonly socket: Socket }> {
  const socket = await opening;
  socket.on('error', () => undefined);
  return { socket, [Symbol.dispose]: () => void socket.destroy() };
}
