import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { basicEnv, type Environment } from './spawn-api.ts';

export interface MainResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the API's own entry to its end: for starts that fail. One that succeeds is killed after a minute. */
export async function runMain(env: Environment): Promise<MainResult> {
  const main = join(__dirname, '../src/main.ts');
  const child = spawn(process.execPath, [main], {
    env: { ...basicEnv, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
