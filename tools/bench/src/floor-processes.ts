import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { QueryLoad } from './floors/query-floor.ts';
import type { LoadResult } from './load-client.ts';

/** A floor that answers over HTTP. */
export interface HttpFloor extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

/** A floor that asks the database. */
export interface QueryFloor extends AsyncDisposable {
  readonly pid: number;
  run(load: QueryLoad): Promise<LoadResult>;
}

export async function startHttpFloor(args: readonly string[]): Promise<HttpFloor> {
  const child = forkFloor('http-floor.ts', args);
  const port = (await nextMessage(child)) as number;
  return { pid: pidOf(child), port, [Symbol.asyncDispose]: () => stop(child) };
}

export async function startQueryFloor(databaseUrl: string): Promise<QueryFloor> {
  const child = forkFloor('query-floor.ts', [databaseUrl]);
  await nextMessage(child);
  return {
    pid: pidOf(child),
    run: async (load) => {
      child.send(load);
      const answer = (await nextMessage(child)) as LoadResult | { error: string };
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    },
    [Symbol.asyncDispose]: () => stop(child),
  };
}

function forkFloor(file: string, args: readonly string[]): ChildProcess {
  return fork(join(import.meta.dirname, 'floors', file), args, { env: { ...process.env, NODE_ENV: 'production' } });
}

/** Rejects when the child ends first. */
function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      child.off('exit', onExit);
      resolve(message);
    };
    const onExit = (): void => reject(new Error('A floor has ended by itself'));
    child.once('message', onMessage);
    child.once('exit', onExit);
  });
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('A process was not started');
  return pid;
}

/** Ends a child that has nothing to lose. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
