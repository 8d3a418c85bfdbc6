import { readFileSync } from 'node:fs';
import { isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { ServiceFailedError } from './service-failed-error.ts';
import { readLockHolder } from './stack-lock.ts';
import { stackFiles } from './stack.ts';

const APPEARANCE_DEADLINE_MS = 60_000;
const POLL_MS = 50;

/**
 * Waits until the stack of a directory has announced that every service answers. There is no deadline while
 * it works on that: the recovery of a database takes what it takes.
 * @throws ServiceFailedError when the stack ends before, or nobody starts it
 */
export async function waitForStack(directory: string): Promise<void> {
  const files = stackFiles(directory);
  const deadline = Date.now() + APPEARANCE_DEADLINE_MS;
  let seen = false;
  for (;;) {
    const announced = readAnnouncement(directory);
    if (announced !== undefined && isRunning(announced)) return;
    const holder = readLockHolder(files.lock);
    if (holder !== undefined && isRunning(holder)) seen = true;
    else if (seen) throw new ServiceFailedError('The stack ended before it was ready; it said why above.');
    else if (Date.now() > deadline) throw new ServiceFailedError(`No stack came up in ${directory} within 60 s.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The process that has announced the stack of a directory, dead or alive; undefined before and after. */
export function readAnnouncement(directory: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(stackFiles(directory).state, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined; // not announced
  }
}
