import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from './env-file.ts';
import { findProcess, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** Notes that a process needs the stack of a directory; the note lasts as long as the process. */
export function leaseStack(directory: string, pid: number): void {
  const holder = findProcess(pid);
  if (holder !== undefined) writeFileAtomically(join(leaseDirectory(directory), String(pid)), JSON.stringify(holder));
}

/** Gives a lease back before its process ends. */
export function releaseStack(directory: string, pid: number): void {
  rmSync(join(leaseDirectory(directory), String(pid)), { force: true });
}

/** Whether any process that runs needs the stack; the notes of others are removed. */
export function isStackNeeded(directory: string): boolean {
  const notes = leaseDirectory(directory);
  mkdirSync(notes, { recursive: true });
  let needed = false;
  for (const name of readdirSync(notes)) {
    const holder = readHolder(join(notes, name));
    if (holder !== undefined && isRunning(holder)) needed = true;
    else rmSync(join(notes, name), { force: true });
  }
  return needed;
}

function leaseDirectory(directory: string): string {
  return join(directory, 'leases');
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined; // given back meanwhile
  }
}
