import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A program of Prometheus' family while it runs: it logs where it listens, also when the system chose the port. */
export class ServerProgram {
  /** Where it listens, such as `127.0.0.1:9090`. */
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.address = address;
  }

  /**
   * Resolves when it listens.
   * @throws Error with what it has logged when it ends before that
   */
  static async start(executable: string, args: readonly string[]): Promise<ServerProgram> {
    const child = spawn(executable, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    await once(child, 'spawn');
    const address = await findAddress(child.stderr);
    return new ServerProgram(child, address);
  }

  /** Ends it and waits: SIGTERM in order, SIGKILL as a crash does. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }
}

async function findAddress(log: Readable): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: log })) {
    lines.push(line);
    const address = /msg="Listening on".*\baddress=(\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    log.resume();
    return address;
  }
  throw new Error(`ended before it listened:\n${lines.join('\n')}`);
}
