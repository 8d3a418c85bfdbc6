import { isStackNeeded } from './stack-leases.ts';

const PARENT_POLL_MS = 500;
const LEASE_POLL_MS = 500;
const LINGER_MS = 3_000; // from one task that needs the stack to the next of the same run

/** Ends when this process is told to end, or when the process that started it is gone. */
export function untilToldToEnd(): AbortSignal {
  const controller = untilSignalled();
  const parent = process.ppid;
  // Nobody signals us when Nx dies by kill -9; then another process becomes our parent.
  setInterval(() => {
    if (process.ppid !== parent) controller.abort();
  }, PARENT_POLL_MS).unref();
  return controller.signal;
}

/** Ends when this process is told to end, or when no process has needed the stack of a directory for a while. */
export function untilNotNeeded(directory: string): AbortSignal {
  const controller = untilSignalled();
  let lastNeeded = Date.now();
  setInterval(() => {
    if (isStackNeeded(directory)) lastNeeded = Date.now();
    else if (Date.now() - lastNeeded > LINGER_MS) controller.abort();
  }, LEASE_POLL_MS).unref();
  return controller.signal;
}

function untilSignalled(): AbortController {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  return controller;
}
