import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from './error-code.ts';
import { findProcess, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** Another process already runs the stack of this directory. */
export class StackAlreadyRunningError extends Error {
  override readonly name = 'StackAlreadyRunningError';

  constructor({ pid }: ProcessIdentity) {
    super(`The stack of this checkout is already up (pid ${pid}). Use it as it is, or end it first: kill ${pid}`);
  }
}

/**
 * Makes this process the only one that runs the stack of a directory; the lock of a process that is gone is taken over.
 * @returns a function that gives the lock back
 * @throws StackAlreadyRunningError while another process holds it
 */
export function takeStackLock(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(findProcess(process.pid)));
  try {
    for (;;) {
      const holder = readLockHolder(path);
      if (holder !== undefined && isRunning(holder)) throw new StackAlreadyRunningError(holder);
      rmSync(path, { force: true });
      if (linkIfAbsent(draft, path)) return () => rmSync(path, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Who holds the lock, dead or alive; undefined when nobody does. */
export function readLockHolder(path: string): ProcessIdentity | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined; // there is none
  }
}

// link(2) makes the lock appear whole and fails when it is there, so of two starts at once one wins.
function linkIfAbsent(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
