import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { findOnPath } from './executable-path.ts';
import { ServiceFailedError } from './service-failed-error.ts';

const OUTPUT_TAIL_LENGTH = 4_000;
const PROBE_INTERVAL_MS = 20;
/** A program's last words may be read after its end; what it has started may keep its output open. */
const LAST_WORDS_MS = 1_000;

/** How to run one program. */
export interface ServiceCommand {
  /** What messages call it. */
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Directory to run in. @default that of this process */
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Asks for an orderly end; also sent by the kernel when this process dies first. @default 'SIGTERM' */
  readonly stopSignal?: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
}

/** A running program of the stack. It ends when this process does, even by `kill -9`, where the system can do that. */
export class ServiceProcess {
  readonly name: string;
  /** Resolves with what happened, once the program has ended. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #stopSignal: NodeJS.Signals;
  #output = '';
  #running = true;

  constructor({ name, command, cwd, uid, gid, stopSignal = 'SIGTERM' }: ServiceCommand) {
    this.name = name;
    this.#stopSignal = stopSignal;
    const [program = '', ...args] = command;
    this.#child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // Ctrl-C in the terminal reaches us alone; we stop the services in order
      ...(cwd !== undefined && { cwd }),
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    });
    const remember = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-OUTPUT_TAIL_LENGTH);
    };
    this.#child.stdout?.on('data', remember);
    this.#child.stderr?.on('data', remember);
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => resolve(`${name} ended (${reason})\n${this.#output}`.trim());
      this.#child.once('error', (error) => {
        this.#running = false;
        end(error.message);
      });
      this.#child.once('exit', (code, signal) => {
        this.#running = false;
        const silent = new Promise((close) => this.#child.once('close', close));
        void Promise.race([silent, delay(LAST_WORDS_MS)]).then(() => end(signal ?? `exit code ${code ?? '?'}`));
      });
    });
  }

  /** Undefined when the program could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it has not ended yet. */
  get running(): boolean {
    return this.#running;
  }

  /**
   * Waits until the probe answers true.
   * @throws ServiceFailedError when the program ends first or the deadline passes
   */
  async waitUntil(probe: () => Promise<boolean>, deadlineMs: number): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    while (!(await probe().catch(() => false))) {
      if (!this.#running) throw new ServiceFailedError(await this.ended);
      if (Date.now() > deadline) {
        throw new ServiceFailedError(`${this.name} did not answer within ${deadlineMs / 1_000} s\n${this.#output}`);
      }
      await Promise.race([this.ended, delay(PROBE_INTERVAL_MS)]);
    }
  }

  /** Asks the program to end, and kills it when it has not done so in time. */
  async stop(graceMs: number): Promise<void> {
    if (!this.#running) return;
    this.#child.kill(this.#stopSignal);
    if ((await Promise.race([this.ended, delay(graceMs)])) === undefined) {
      this.#child.kill('SIGKILL');
      await this.ended;
    }
  }
}

/** Words to put before a command so that the kernel signals it when its parent dies (prctl(2), PR_SET_PDEATHSIG). */
export function endWithParent(signal: 'INT' | 'TERM' | 'KILL'): readonly string[] {
  const setpriv = findOnPath('setpriv');
  return setpriv === undefined ? [] : [setpriv, '--pdeathsig', signal, '--'];
}

function delay(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref();
  });
}
