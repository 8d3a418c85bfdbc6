import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '@stowage/local-stack';

/** The bundled API in one process. Disposing kills it. */
export interface ApiProcess extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly operationsPort: number;
  /** From the start of the process to its first answer on /health. */
  readonly startMs: number;
  /** Sends SIGTERM and waits for the end; resolves with the exit code. */
  terminate(): Promise<number | null>;
}

const START_DEADLINE_MS = 30_000;

/** Starts it with the settings of production but for the store of blobs, its log thrown away. */
export async function startApi(environment: Readonly<Record<string, string>>): Promise<ApiProcess> {
  const port = await findFreePort();
  const operationsPort = await findFreePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...readNodeFlags(), 'dist/apps/api/main.js'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      OPERATIONS_PORT: String(operationsPort),
      REQUESTS_PER_MINUTE: '1000000000',
      LOG_LEVEL: 'info',
      ...environment,
    },
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  try {
    await untilHealthy(child, port);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    ...{ pid: child.pid ?? 0, port, operationsPort },
    startMs: performance.now() - startedAt,
    terminate: async () => {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Those of `nx serve api`; the stores are named by the bench. */
function readNodeFlags(): readonly string[] {
  const { nx } = JSON.parse(readFileSync('apps/api/package.json', 'utf8')) as {
    nx: { targets: { serve: { options: { runtimeArgs: readonly string[] } } } };
  };
  return nx.targets.serve.options.runtimeArgs.filter((flag) => !flag.startsWith('--env-file'));
}

async function untilHealthy(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error('The API did not come up');
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer?.ok === true) return;
    await delay(10);
  }
}
