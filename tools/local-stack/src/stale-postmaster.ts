import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProcess, isRunning, readCommandLine } from './process-identity.ts';
import { ServiceFailedError } from './service-failed-error.ts';

const FAST_SHUTDOWN_MS = 10_000;

/**
 * Ends the server that a killed run left on a data directory, or drops the pid file of one that is gone.
 * @throws ServiceFailedError when another program owns the recorded pid's place or the server does not end
 */
export async function stopStalePostmaster(dataDirectory: string): Promise<void> {
  const pidFile = join(dataDirectory, 'postmaster.pid');
  const pid = readPostmasterPid(pidFile);
  if (pid === undefined) return;
  const found = findProcess(pid);
  if (found !== undefined && readCommandLine(pid).includes(dataDirectory)) {
    process.kill(pid, 'SIGINT'); // "fast shutdown": PostgreSQL rolls back what is open and writes a checkpoint
    const deadline = Date.now() + FAST_SHUTDOWN_MS;
    while (isRunning(found)) {
      if (Date.now() > deadline) {
        throw new ServiceFailedError(
          `A PostgreSQL server of an earlier run (pid ${pid}) holds ${dataDirectory} and does not stop. End it: kill -QUIT ${pid}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  // Whoever has that pid now is not our server: the file is a remnant, and would keep PostgreSQL from starting.
  rmSync(pidFile, { force: true });
}

function readPostmasterPid(pidFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined; // no server was left behind
  }
}
