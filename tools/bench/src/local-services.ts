import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/** PostgreSQL, durable as in `nx serve api`, and Redis, for the bench alone. */
export interface LocalServices extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly blobDirectory: string;
}

const START_DEADLINE_MS = 120_000;

/** Starts the local stack anew in a directory, whose data it throws away. */
export async function startLocalServices(directory: string): Promise<LocalServices> {
  rmSync(directory, { recursive: true, force: true });
  const environment = { ...process.env, DATABASE_URL: '', REDIS_URL: '' };
  const stack = spawn(process.execPath, ['tools/local-stack/src/serve-stack.ts', directory], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: environment,
  });
  const exited = once(stack, 'exit');
  const file = join(directory, 'stack.env');
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!existsSync(file)) {
    if (stack.exitCode !== null || Date.now() > deadline) throw new Error('The local stack did not come up');
    await delay(50);
  }
  const variables = new Map(
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line): [string, string] => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
  const redisUrl = variables.get('REDIS_URL');
  if (redisUrl === undefined) throw new Error('The bench needs a redis-server or valkey-server on the PATH');
  return {
    databaseUrl: variables.get('DATABASE_URL') ?? '',
    redisUrl,
    blobDirectory: join(directory, 'blobs'),
    [Symbol.asyncDispose]: async () => {
      stack.kill('SIGTERM');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Runs statements of the bench's own, one after the other. */
export async function runSql(databaseUrl: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
