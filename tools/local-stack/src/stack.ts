import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { renderEnvFile, writeFileAtomically } from './env-file.ts';
import { findProcess } from './process-identity.ts';
import { stopLeftovers, writeLaunched } from './leftover-services.ts';
import { ServiceFailedError } from './service-failed-error.ts';
import { ServiceProcess } from './service-process.ts';
import type { ServiceCommand } from './service-process.ts';
import { takeStackLock } from './stack-lock.ts';

const STOP_GRACE_MS = 3_500; // Nx kills a continuous task 5 s after it asked it to stop

/** Settings of whoever uses the services; what has no value is left out. */
export type StackVariables = Readonly<Record<string, string | undefined>>;

/** What a stack offers to those who start its services. */
export interface StackContext {
  /** Starts a program that the stack ends with itself. */
  launch(command: ServiceCommand): ServiceProcess;
  /** Prints one line of progress. */
  report(line: string): void;
  /** Aborted when the stack is to end, also while it starts. */
  readonly signal: AbortSignal;
}

/** Brings services up and tells where they are. */
export type StartServices = (context: StackContext) => Promise<StackVariables>;

/** Files by which others find the stack of a directory. */
export interface StackFiles {
  /** Names the process that runs the stack. */
  readonly lock: string;
  /** The variables, for `node --env-file`; there while every service answers. */
  readonly env: string;
  /** The pid and the variables; there while every service answers. */
  readonly state: string;
  /** The pids of the services, for the run after one that was killed. */
  readonly launched: string;
}

export function stackFiles(directory: string): StackFiles {
  return {
    lock: join(directory, 'stack.lock'),
    env: join(directory, 'stack.env'),
    state: join(directory, 'stack.json'),
    launched: join(directory, 'stack.services.json'),
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
  const services: ServiceProcess[] = [];
  const keepAlive = setInterval(() => undefined, 60_000); // a stack without services would end by itself
  const ending = new AbortController();
  const context: StackContext = {
    signal: AbortSignal.any([signal, ending.signal]),
    report: (line) => console.log(`[local-stack] ${line}`),
    launch: (command) => {
      context.signal.throwIfAborted();
      const service = new ServiceProcess(command);
      services.push(service);
      writeLaunched(files.launched, services);
      return service;
    },
  };
  try {
    removeAnnouncement(files);
    await stopLeftovers(files.launched);
    const startedAt = performance.now();
    const variables = await startUnlessAborted(start, context);
    if (variables !== undefined) {
      announce(files, variables);
      context.report(`ready in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s: ${describe(variables)}`);
      await untilAbortedOrEnded(
        services.filter((service) => service.running),
        signal,
      );
    }
  } finally {
    ending.abort(); // where one service has failed, the others may still be starting
    removeAnnouncement(files);
    await Promise.all(services.map((service) => service.stop(STOP_GRACE_MS)));
    rmSync(files.launched, { force: true });
    giveBackLock();
    clearInterval(keepAlive);
  }
}

/** Undefined when the stack was told to end before it was up. */
async function startUnlessAborted(start: StartServices, context: StackContext): Promise<StackVariables | undefined> {
  const { signal } = context;
  const aborted = whenAborted(signal);
  try {
    return await Promise.race([aborted, start(context)]);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** @throws ServiceFailedError when a service ends before the signal */
async function untilAbortedOrEnded(services: readonly ServiceProcess[], signal: AbortSignal): Promise<void> {
  const failure = await Promise.race([whenAborted(signal), ...services.map((service) => service.ended)]);
  if (failure !== undefined && !signal.aborted) throw new ServiceFailedError(failure);
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function announce(files: StackFiles, variables: StackVariables): void {
  writeFileAtomically(files.env, renderEnvFile(variables));
  writeFileAtomically(files.state, `${JSON.stringify({ ...findProcess(process.pid), variables }, null, 2)}\n`);
}

function removeAnnouncement(files: StackFiles): void {
  rmSync(files.state, { force: true });
  rmSync(files.env, { force: true });
}

function describe(variables: StackVariables): string {
  return Object.entries(variables)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value ?? ''}`)
    .join(' ');
}
