import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stopLeftovers, writeLaunched } from '../src/leftover-services.ts';
import { findFreePort, startOnFreePort } from '../src/ports.ts';
import { ServiceFailedError } from '../src/service-failed-error.ts';
import { writeExecutable } from '../src/shell-script.ts';
import { stackFiles } from '../src/stack.ts';
import { query, StackDirectory } from './stack-program.ts';

describe('a serving stack', () => {
  it('runs beside that of another checkout', async () => {
    await using first = new StackDirectory();
    await using second = new StackDirectory();
    const [one, two] = await Promise.all([first.start().variables(), second.start().variables()]);
    expect(one.DATABASE_URL).not.toBe(two.DATABASE_URL);
    expect(one.BLOB_DIRECTORY).toBe(join(first.path, 'blobs'));
    const ofFirst = [{ data_directory: join(first.path, 'pg18') }];
    const ofSecond = [{ data_directory: join(second.path, 'pg18') }];
    await expect(query(one.DATABASE_URL, 'SHOW data_directory')).resolves.toEqual(ofFirst);
    await expect(query(two.DATABASE_URL, 'SHOW data_directory')).resolves.toEqual(ofSecond);
  });

  it('keeps rows over kill -9 and a new start, and is durable', async () => {
    await using directory = new StackDirectory();
    const killed = directory.start();
    const before = await killed.variables();
    await query(before.DATABASE_URL, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await killed.end('SIGKILL');
    const after = await directory.start().variables();
    await expect(query(after.DATABASE_URL, 'SELECT answer FROM kept')).resolves.toEqual([{ answer: 42 }]);
    await expect(query(after.DATABASE_URL, 'SHOW fsync')).resolves.toEqual([{ fsync: 'on' }]);
  });

  it('refuses a second one in its directory and says what to do', async () => {
    await using directory = new StackDirectory();
    const holder = directory.start();
    const { DATABASE_URL } = await holder.variables();
    const { code, printed } = await directory.start().ended;
    expect(code).toBe(1);
    expect(printed.trim().split('\n')).toEqual([
      expect.stringContaining(
        `already up (pid ${holder.child.pid ?? 0}). Use it as it is, or end it first: kill ${holder.child.pid ?? 0}`,
      ),
    ]);
    await expect(query(DATABASE_URL, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends in order on %s and leaves only the data', async (signal) => {
    await using directory = new StackDirectory();
    const program = directory.start();
    await program.variables();
    await expect(program.end(signal)).resolves.toMatchObject({ code: 0 });
    const { env, state, lock, launched } = stackFiles(directory.path);
    expect([env, state, lock, launched].filter((file) => existsSync(file))).toEqual([]);
    expect(existsSync(join(directory.path, 'pg18/postmaster.pid'))).toBe(false); // PostgreSQL removes it as its last act
  });

  it('ends while it still starts', async () => {
    await using directory = new StackDirectory();
    const program = directory.start();
    await once(program.child, 'spawn');
    while (!existsSync(stackFiles(directory.path).lock)) await new Promise(setImmediate);
    await expect(program.end('SIGTERM')).resolves.toMatchObject({ code: 0 });
    await expect(directory.start().variables()).resolves.toHaveProperty('DATABASE_URL');
  });

  it('ends, with all that it has started, when one service fails, and says why', async () => {
    await using directory = new StackDirectory();
    const programs = join(directory.path, 'programs');
    writeExecutable(join(programs, 'redis-server'), 'echo out of luck >&2; exit 3');
    const { code, printed } = await directory.start({ PATH: `${programs}:${process.env.PATH ?? ''}` }).ended;
    expect(code).toBe(1);
    expect(printed).toContain('redis ended (exit code 3)\nout of luck');
    expect(existsSync(join(directory.path, 'pg18/postmaster.pid'))).toBe(false);
  });

  it('starts nothing that the environment already names', async () => {
    await using directory = new StackDirectory();
    const program = directory.start({ DATABASE_URL: 'postgres://elsewhere/db', REDIS_URL: 'redis://elsewhere' });
    await expect(program.variables()).resolves.toEqual({ BLOB_DIRECTORY: join(directory.path, 'blobs') });
    expect(existsSync(join(directory.path, 'pg18'))).toBe(false);
  });
});

describe('what a killed run left', () => {
  it('is ended', async () => {
    await using directory = new StackDirectory();
    const leftover = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    const ended = once(leftover, 'exit');
    const { launched } = stackFiles(directory.path);
    writeLaunched(launched, [{ name: 'redis', pid: leftover.pid }]);
    await stopLeftovers(launched);
    await expect(ended).resolves.toEqual([null, 'SIGINT']);
  });
});

describe('ports', () => {
  it('takes the preferred one when it is free and another when it is taken', async () => {
    await using holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    await expect(findFreePort(port)).resolves.not.toBe(port);
    holder.close();
    await once(holder, 'close');
    await expect(findFreePort(port)).resolves.toBe(port);
  });

  it('takes another one when the chosen one is taken before the server starts', async () => {
    await using rival = createServer();
    const tried: number[] = [];
    const preferred = await findFreePort();
    const taken = await startOnFreePort(preferred, async (port) => {
      tried.push(port);
      if (port !== preferred) return;
      await once(rival.listen(port, '127.0.0.1'), 'listening');
      throw new ServiceFailedError('could not bind');
    });
    expect(tried).toEqual([preferred, taken]);
  });

  it('does not try again when a server fails for another reason', async () => {
    const failure = new ServiceFailedError('no memory');
    await expect(startOnFreePort(0, () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
