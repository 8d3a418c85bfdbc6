import { readFileSync } from 'node:fs';
import { errorCode } from './error-code.ts';

/** A process, told apart from a later one that was given the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot (proc(5), stat field 22); undefined where there is no /proc. */
  readonly startTicks?: number | undefined;
}

/** Identifies a running process; undefined when it is gone, or dead and not yet reaped. */
export function findProcess(pid: number): ProcessIdentity | undefined {
  if (!acceptsSignals(pid)) return undefined;
  const stat = readProc(pid, 'stat');
  if (stat === undefined) return { pid };
  const { state, startTicks } = parseStat(stat);
  return state === 'Z' || state === 'X' ? undefined : { pid, startTicks };
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  const current = findProcess(identity.pid);
  return current !== undefined && (identity.startTicks === undefined || current.startTicks === identity.startTicks);
}

/** The parts of proc(5) `stat` that tell a process from its successor; the name in it may hold spaces and brackets. */
export function parseStat(stat: string): { readonly state: string; readonly startTicks: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: Number(fields[19]) };
}

/** The command line of a process, its arguments joined by spaces; empty where it cannot be read. */
export function readCommandLine(pid: number): string {
  return (readProc(pid, 'cmdline') ?? '').replaceAll('\0', ' ').trim();
}

function acceptsSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return errorCode(error) === 'EPERM';
  }
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined; // no /proc on this system, or the process has just ended
  }
}
