import { spawn } from 'node:child_process';
import { ServiceFailedError } from './service-failed-error.ts';

const MESSAGE_TAIL_LENGTH = 2_000;

export interface ProgramOptions {
  /** What messages call it. @default the program */
  readonly name?: string;
  readonly cwd?: string;
  /** Variables added to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
  /** Ends the program early. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end.
 * @returns what it printed to standard output
 * @throws ServiceFailedError with the end of what it printed, when it cannot be started or does not exit with 0
 */
export function runProgram(command: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const [program = '', ...args] = command;
  const { name = program, cwd, env, uid, gid, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd !== undefined && { cwd }),
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
      ...(signal !== undefined && { signal }),
    });
    let printed = '';
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    const fail = (reason: string): void => {
      const said = (complaints.trim() || printed.trim()).slice(-MESSAGE_TAIL_LENGTH);
      reject(new ServiceFailedError(`${name} failed (${reason})\n${said}`.trim()));
    };
    child.once('error', (error) => fail(error.message));
    child.once('close', (code, killer) => (code === 0 ? resolve(printed) : fail(killer ?? `exit code ${code ?? '?'}`)));
  });
}

/** Whether a program starts and exits with 0. */
export async function runsWell(command: readonly string[], options: ProgramOptions = {}): Promise<boolean> {
  return runProgram(command, options).then(
    () => true,
    () => false,
  );
}
