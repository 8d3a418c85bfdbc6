import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Environment, Stores } from './given.ts';
import { randomKillPoint, type KillPoint } from './kill-switch.ts';

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  /** Beside what names the stores. */
  readonly env?: Environment;
  /** Where the process kills itself. @default nowhere */
  readonly killAt?: KillPoint;
}

/** The worker in a process of its own. Disposing kills it; it also ends when the process of the test does. */
export interface WorkerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly exited: Promise<WorkerExit>;
  /** Resolves when a log line contains the text. */
  logged(part: string): Promise<void>;
  /** Sends a signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<WorkerExit>;
}

export const basicEnv: Environment = {
  NODE_ENV: 'test',
  DATABASE_POOL_MAX: '4',
  AWS_EC2_METADATA_DISABLED: 'true',
  // Many starts of the same program.
  NODE_COMPILE_CACHE: join(tmpdir(), 'stowage-worker-compile-cache'),
};

/** Starts the worker from source, with the product's jobs and those of `test-jobs.ts`. */
export function spawnWorker(
  stores: Pick<Stores, 'env'>,
  args: readonly string[],
  options: SpawnOptions = {},
): WorkerProcess {
  const { env = {}, killAt } = options;
  const child = fork(join(__dirname, 'worker-process.ts'), args, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...basicEnv, ...stores.env, ...env, ...(killAt && { TEST_KILL_AT: JSON.stringify(killAt) }) },
  });
  const exited = exitOf(child);
  const kill = (signal: NodeJS.Signals): Promise<WorkerExit> => {
    child.kill(signal);
    return exited;
  };
  return {
    ...{ pid: child.pid ?? 0, exited, kill },
    logged: (part) => untilLogged(child, part),
    [Symbol.asyncDispose]: async () => {
      await kill('SIGKILL');
    },
  };
}

/** Runs the worker to its end. */
export async function runWorkerProcess(
  stores: Pick<Stores, 'env'>,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<WorkerExit> {
  await using worker = spawnWorker(stores, args, options);
  return await worker.exited;
}

export interface KillsOptions {
  /** How many runs are killed. @default 100 */
  readonly kills?: number;
  /** A run is killed at one of its first so many operations on the stores; one that needs fewer ends by itself. */
  readonly withinOperations: number;
  readonly env?: Environment;
  /** Called before each run, for example to make more work. @default nothing */
  readonly beforeRun?: (run: number) => Promise<void>;
}

export interface Kills {
  readonly killed: number;
  /** Runs that ended before they came to their kill point. */
  readonly ended: number;
  /** The run that was let to end, after the last kill. */
  readonly last: WorkerExit;
}

const mostRuns = 400;

/**
 * Runs a job again and again, and has each run kill itself at a random point, until so many have been killed; then lets
 * one run to its end. Rejects when a run fails in another way.
 */
export async function killRuns(
  stores: Pick<Stores, 'env'>,
  args: readonly string[],
  options: KillsOptions,
): Promise<Kills> {
  const { kills = 100, withinOperations, env = {}, beforeRun } = options;
  let [killed, ended] = [0, 0];
  while (killed < kills) {
    if (killed + ended >= mostRuns) throw new Error(`${ended} of ${mostRuns} runs ended before they were killed`);
    await beforeRun?.(killed + ended);
    const exit = await runFree(stores, args, { env, killAt: randomKillPoint(withinOperations) });
    if (exit.signal === 'SIGKILL') killed += 1;
    else if (exit.code === 0 || exit.code === 4) ended += 1;
    else throw new Error(`a run ended with code ${String(exit.code)}: ${exit.stderr}`);
  }
  return { killed, ended, last: await runFree(stores, args, { env }) };
}

/** The server may notice a moment late that the run before was killed: until then its lock is taken. */
async function runFree(
  stores: Pick<Stores, 'env'>,
  args: readonly string[],
  options: SpawnOptions,
): Promise<WorkerExit> {
  for (;;) {
    const exit = await runWorkerProcess(stores, args, options);
    if (exit.code !== 3) return exit;
  }
}

async function exitOf(child: ChildProcess): Promise<WorkerExit> {
  const outputs = [child.stdout, child.stderr].map(async (output) => (output === null ? '' : text(output)));
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const [stdout = '', stderr = ''] = await Promise.all(outputs);
  return { code, signal, stdout, stderr };
}

async function untilLogged(child: ChildProcess, part: string): Promise<void> {
  let seen = '';
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  child.stderr?.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    if (seen.includes(part)) resolve(undefined);
  });
  child.once('close', () => reject(new Error(`the worker ended before it logged "${part}": ${seen}`)));
  await promise;
}
