import { readFileSync, rmSync } from 'node:fs';
import { writeFileAtomically } from './env-file.ts';
import { findProcess, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { ServiceFailedError } from './service-failed-error.ts';

const STOP_DEADLINE_MS = 5_000;

interface Launched extends ProcessIdentity {
  readonly name: string;
}

/** Writes down which programs run, for the next run, should this one be killed. */
export function writeLaunched(path: string, services: readonly { name: string; pid: number | undefined }[]): void {
  const launched = services.flatMap(({ name, pid }) => {
    const found = pid === undefined ? undefined : findProcess(pid);
    return found === undefined ? [] : [{ name, ...found }];
  });
  writeFileAtomically(path, `${JSON.stringify(launched, null, 2)}\n`);
}

/**
 * Ends the programs that a killed run left behind.
 * @throws ServiceFailedError when one of them does not end; the message names it
 */
export async function stopLeftovers(path: string): Promise<void> {
  const leftovers = readLaunched(path).filter(isRunning);
  for (const { pid } of leftovers) process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STOP_DEADLINE_MS;
  for (const leftover of leftovers) {
    while (isRunning(leftover)) {
      if (Date.now() > deadline) {
        const { name, pid } = leftover;
        throw new ServiceFailedError(`${name} of an earlier run (pid ${pid}) does not stop. End it: kill -9 ${pid}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  rmSync(path, { force: true });
}

/** Without a start time a process cannot be told from a stranger that was given its pid: it is left alone. */
function readLaunched(path: string): Launched[] {
  try {
    const launched = JSON.parse(readFileSync(path, 'utf8')) as Launched[];
    return launched.filter(({ startTicks }) => startTicks !== undefined);
  } catch {
    return []; // the last run ended in order
  }
}
