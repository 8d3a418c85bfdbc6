import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { renderEnvFile, writeFileAtomically } from './env-file.ts';
import { findProcess } from './process-identity.ts';
import { ServiceFailedError } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';
import { takeStackLock } from './stack-lock.ts';

const STOP_GRACE_MS = 3_500; // Nx kills a continuous task 5 s after it asked it to stop

/** What a stack has brought up. */
export interface StackServices {
  readonly processes: readonly ServiceProcess[];
  /** Settings of whoever uses the services. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Files by which others find the stack of a directory. */
export interface StackFiles {
  readonly lock: string;
  /** Variables, for `node --env-file`. */
  readonly env: string;
  /** The pid and the variables. */
  readonly state: string;
}

/** Collects processes as they start, so that a failure on the way ends those that already run. */
export type StartServices = (started: ServiceProcess[]) => Promise<StackServices['variables']>;

export function stackFiles(directory: string): StackFiles {
  return {
    lock: join(directory, 'stack.lock'),
    env: join(directory, 'stack.env'),
    state: join(directory, 'stack.json'),
  };
}

/**
 * Brings the services of a directory up, tells where they are, and keeps them until the signal or until one of them ends.
 * @throws StackAlreadyRunningError when the directory's stack is up
 * @throws ServiceFailedError when a service does not start or ends by itself
 */
export async function runStack(directory: string, start: StartServices, signal: AbortSignal): Promise<void> {
  const files = stackFiles(directory);
  const giveBackLock = takeStackLock(files.lock);
  const processes: ServiceProcess[] = [];
  try {
    removeAnnouncement(files);
    const variables = await start(processes);
    announce(files, variables);
    await untilAbortedOrEnded(processes, signal);
  } finally {
    removeAnnouncement(files);
    await Promise.all(processes.map((process) => process.stop(STOP_GRACE_MS)));
    giveBackLock();
  }
}

function announce(files: StackFiles, variables: StackServices['variables']): void {
  writeFileAtomically(files.env, renderEnvFile(variables));
  writeFileAtomically(files.state, `${JSON.stringify({ ...findProcess(process.pid), variables }, null, 2)}\n`);
}

function removeAnnouncement(files: StackFiles): void {
  rmSync(files.state, { force: true });
  rmSync(files.env, { force: true });
}

/** @throws ServiceFailedError when a service ends before the signal */
async function untilAbortedOrEnded(processes: readonly ServiceProcess[], signal: AbortSignal): Promise<void> {
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const failure = await Promise.race([aborted, ...processes.map((process) => process.ended)]);
  if (failure !== undefined && !signal.aborted) throw new ServiceFailedError(failure);
}
