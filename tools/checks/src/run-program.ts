import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs a program of node_modules/.bin with this process's output. Answers whether it exited with 0. */
export async function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env }: ProgramOptions,
): Promise<boolean> {
  const child = spawn(`${cwd}/node_modules/.bin/${program}`, args, {
    cwd,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0;
}
