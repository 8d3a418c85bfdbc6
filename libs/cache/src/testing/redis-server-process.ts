import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A Redis of the test's own, to be frozen and killed. Keeps nothing: a restart finds it empty. */
export class RedisServerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #executable: string;
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(executable: string, port: number, args: readonly string[]) {
    this.#executable = executable;
    this.port = port;
    this.#args = args;
  }

  /** Resolves when it accepts connections. `args` are added to redis-server's command line. */
  static async start(executable: string, args: readonly string[] = []): Promise<RedisServerProcess> {
    const server = new RedisServerProcess(executable, await freePort(), args);
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Stops it without a last word, as a crash does. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async restart(): Promise<void> {
    await this.kill();
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn(this.#executable, [...where, ...this.#args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    if (!(await saysReady(child.stdout))) throw new Error('redis-server ended before it was ready.');
    child.stdout.resume();
  }

  /** It keeps its connections and answers nothing. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

async function saysReady(output: Readable): Promise<boolean> {
  for await (const line of createInterface({ input: output })) if (line.includes('Ready to accept')) return true;
  return false;
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  return address.port;
}
