import { describe, expect, it } from '@jest/globals';
import { findProcess, isRunning, parseStat } from './process-identity.ts';

describe('process identity', () => {
  it('reads state and start time behind a name with blanks and brackets', () => {
    const stat = '42 (a) b (c)) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1000 10';
    expect(parseStat(stat)).toEqual({ state: 'S', startTicks: 98_765 });
  });

  it('knows this process', () => {
    const self = findProcess(process.pid);
    expect(self?.pid).toBe(process.pid);
    expect(self !== undefined && isRunning(self)).toBe(true);
  });

  it('tells a process from an earlier one with its pid', () => {
    const self = findProcess(process.pid);
    expect(isRunning({ pid: process.pid, startTicks: (self?.startTicks ?? 0) + 1 })).toBe(false);
  });

  it('knows that a pid beyond all pids is nobody', () => {
    expect(findProcess(2 ** 22 + 1)).toBeUndefined(); // the largest pid_max of Linux is 2^22
  });
});
