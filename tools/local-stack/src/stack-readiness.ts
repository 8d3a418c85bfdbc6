import { readFileSync } from 'node:fs';
import { isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { ServiceFailedError } from './service-process.ts';
import { readLockHolder } from './stack-lock.ts';
import { stackFiles } from './stack.ts';

const APPEARANCE_DEADLINE_MS = 60_000;

/**
 * Waits until the stack of a directory has announced that every service answers. There is no deadline while
 * it works on that: a first start may download packages.
 * @throws ServiceFailedError when the stack ends before, or nobody starts it
 */
export async function waitForStack(directory: string): Promise<void> {
  const files = stackFiles(directory);
  const deadline = Date.now() + APPEARANCE_DEADLINE_MS;
  let seen: ProcessIdentity | undefined;
  for (;;) {
    const announced = readIdentity(files.state);
    if (announced !== undefined && isRunning(announced)) return;
    const holder = readLockHolder(files.lock);
    if (holder !== undefined && isRunning(holder)) seen = holder;
    else if (seen !== undefined) throw new ServiceFailedError('The stack ended before it was ready; it said why above.');
    else if (Date.now() > deadline) throw new ServiceFailedError(`No stack came up in ${directory} within 60 s.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function readIdentity(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined; // not announced yet
  }
}
