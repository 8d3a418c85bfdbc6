import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './process-identity.ts';
import { ServiceFailedError } from './service-failed-error.ts';
import { readAnnouncement } from './stack-readiness.ts';
import { leaseStack } from './stack-leases.ts';
import { readLockHolder } from './stack-lock.ts';
import { stackFiles } from './stack.ts';

const POLL_MS = 50;

export interface SharedStackOptions {
  readonly directory: string;
  /** Path of the program that runs the stack while it is needed. */
  readonly keeper: string;
  /** Process for which the stack is kept. */
  readonly neededBy: number;
  /** Receives what the keeper prints while it brings the stack up. */
  readonly print: (text: string) => void;
}

/**
 * Makes sure that the stack of a directory is up and stays up as long as a process needs it. It is run by a process of
 * its own, as several Nx runs may share it and any of them may end first.
 * @throws ServiceFailedError when it does not come up
 */
export async function shareStack(options: SharedStackOptions): Promise<void> {
  const { directory, neededBy } = options;
  const files = stackFiles(directory);
  leaseStack(directory, neededBy);
  while (!isUp(directory)) {
    const holder = readLockHolder(files.lock);
    if (holder === undefined || !isRunning(holder)) await startKeeper(options);
    else await pause(); // it comes up, or it is about to end and must be followed by another
  }
}

/** Resolves when the stack is up or when another keeper was quicker. */
async function startKeeper({ directory, keeper, print }: SharedStackOptions): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const log = join(directory, 'stack.log');
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, [keeper, directory], { detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  child.unref();
  let exit: { readonly code: number | null } | undefined;
  child.once('exit', (code) => (exit = { code }));
  let printed = 0;
  const printNews = (): string => {
    const text = readFileSync(log, 'utf8');
    print(text.slice(printed));
    printed = text.length;
    return text;
  };
  while (!isUp(directory) && exit === undefined) {
    await pause();
    printNews();
  }
  const holder = readLockHolder(stackFiles(directory).lock);
  const other = holder !== undefined && holder.pid !== child.pid && isRunning(holder);
  printNews();
  if (exit?.code !== undefined && exit.code !== 0 && !other) {
    throw new ServiceFailedError(`The services of the tests did not come up; the reason is above and in ${log}.`);
  }
}

function isUp(directory: string): boolean {
  const announced = readAnnouncement(directory);
  return announced !== undefined && isRunning(announced);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
