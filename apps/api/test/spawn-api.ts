import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { openS3Bucket, type S3TestBucket } from '@stowage/storage/testing';
import type { KillPoint } from './kill-switch.ts';
import { givenDatabase, givenDirectory, requiredService } from './start-api.ts';

export type Environment = Readonly<Record<string, string>>;

/** The stores that processes of one installation share. */
export interface Installation extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly blobDirectory: string;
  /** What names the stores to a process. */
  readonly env: Environment;
}

/** A database and a blob directory of its own, and the shared Redis unless `env` names another. */
export async function givenInstallation(env: Environment = {}): Promise<Installation> {
  await using opened = new AsyncDisposableStack();
  const { url: databaseUrl } = opened.use(await givenDatabase());
  const { path: blobDirectory } = opened.use(await givenDirectory());
  const stores = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: requiredService('TEST_REDIS_URL'),
    BLOB_DIRECTORY: blobDirectory,
    ...env,
  };
  const resources = opened.move();
  return { databaseUrl, blobDirectory, env: stores, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** The same with its blobs in an S3 bucket of its own. */
export async function givenS3Installation(): Promise<Installation & { readonly s3: S3TestBucket }> {
  const { origin, username, password } = new URL(requiredService('TEST_S3_URL'));
  const s3 = await openS3Bucket();
  const installation = await givenInstallation({
    S3_BUCKET: s3.name,
    S3_ENDPOINT: origin,
    S3_FORCE_PATH_STYLE: 'true',
    AWS_ACCESS_KEY_ID: decodeURIComponent(username),
    AWS_SECRET_ACCESS_KEY: decodeURIComponent(password),
  });
  const dispose = async (): Promise<void> => {
    await installation[Symbol.asyncDispose]();
    await s3.close();
  };
  return { ...installation, s3, [Symbol.asyncDispose]: dispose };
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to standard error. */
  readonly stderr: string;
}

/** The API in a process of its own. Disposing kills it; it also ends when the process of the test does. */
export interface ApiProcess extends AsyncDisposable {
  readonly url: string;
  readonly operationsUrl: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Sends a signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<Exit>;
  /** From now on the first upload that reaches the point kills the process. */
  killAt(point: KillPoint): Promise<void>;
}

export interface SpawnApiOptions {
  readonly env?: Environment;
  /** Whether to wait until GET /health answers 200. @default true */
  readonly untilHealthy?: boolean;
}

/** Starts the API on free ports. */
export async function spawnApi(installation: Installation, options: SpawnApiOptions = {}): Promise<ApiProcess> {
  const child = fork(join(__dirname, 'api-process.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...basicEnv, ...installation.env, ...options.env },
  });
  await using guard = new AsyncDisposableStack();
  guard.defer(() => {
    child.kill('SIGKILL');
  });
  letTestEnd(child);
  const exited = exitOf(child);
  const { port, operationsPort } = await listeningPorts(child, exited);
  const url = `http://127.0.0.1:${port}`;
  if (options.untilHealthy !== false) await untilStatus(`${url}/health`, 200);
  guard.move();
  return toApiProcess(child, exited, { url, operationsUrl: `http://127.0.0.1:${operationsPort}` });
}

/** Asks until the status is answered. */
export async function untilStatus(url: string, status: number): Promise<void> {
  while ((await fetch(url)).status !== status) await delay(50);
}

export const basicEnv: Environment = {
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PORT: '0',
  OPERATIONS_PORT: '0',
  DATABASE_POOL_MAX: '5',
  DRAIN_MS: '0',
  SIGN_INS_PER_MINUTE: '100000',
  REQUESTS_PER_MINUTE: '10000000',
  AWS_EC2_METADATA_DISABLED: 'true',
  // Many starts of the same program.
  NODE_COMPILE_CACHE: join(tmpdir(), 'stowage-api-compile-cache'),
};

/** A test that failed to dispose of the process must not wait for it for ever. */
function letTestEnd(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  for (const output of [child.stdout, child.stderr]) if (output instanceof Socket) output.unref();
}

function toApiProcess(
  child: ChildProcess,
  exited: Promise<Exit>,
  urls: { url: string; operationsUrl: string },
): ApiProcess {
  const kill = (signal: NodeJS.Signals): Promise<Exit> => {
    child.kill(signal);
    return exited;
  };
  return {
    ...urls,
    pid: child.pid ?? 0,
    exited,
    kill,
    killAt: async (point) => {
      const armed = once(child, 'message');
      child.send(point);
      await armed;
    },
    [Symbol.asyncDispose]: async () => {
      await kill('SIGKILL');
    },
  };
}

async function exitOf(child: ChildProcess): Promise<Exit> {
  const stderr = child.stderr === null ? '' : text(child.stderr);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stderr: await stderr };
}

interface Ports {
  readonly port: number;
  readonly operationsPort: number;
}

/** From the log line that says so; the rest of the log is read and dropped. */
async function listeningPorts(child: ChildProcess, exited: Promise<Exit>): Promise<Ports> {
  const output = child.stdout;
  if (output === null) throw new TypeError('The output of the API is not piped.');
  const told = Promise.withResolvers<Ports>();
  createInterface({ input: output }).on('line', (line) => {
    if (line.includes('"listening"')) told.resolve(JSON.parse(line) as Ports);
  });
  void exited.then(({ code, stderr }) => told.reject(new Error(`The API ended with code ${String(code)}: ${stderr}`)));
  return told.promise;
}
