import { readFileSync, writeFileSync } from 'node:fs';

/** Clock ticks in a second as /proc counts them: 100 on every Linux that Node runs on, see proc(5) and sysconf(3). */
const TICKS_PER_SECOND = 100;
const KIB = 1024;

/** Processor time of a process and all its threads so far, in seconds. */
export function readCpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name, in parentheses, may hold anything; fields are counted behind it. utime and stime are numbers 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Memory of a process that is in RAM, in bytes. */
export function readResidentBytes(pid: number): number {
  return readStatus(pid, 'VmRSS');
}

/** The most there was of it since `resetPeak`. */
export function readPeakResidentBytes(pid: number): number {
  return readStatus(pid, 'VmHWM');
}

function readStatus(pid: number, name: string): number {
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  if (kib === undefined) throw new Error(`Process ${pid} has no ${name}`);
  return Number(kib) * KIB;
}

/** Has the peak counted anew from now on; see proc(5), clear_refs. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
