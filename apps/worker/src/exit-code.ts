import type { RunResult } from './run-result.ts';

/** What the process ends with; the README and `--help` tell. */
export const exitCodes = {
  /** It did its work, or was told to stop and left the rest for the next run. */
  done: 0,
  failed: 1,
  /** Wrong arguments or settings: nothing was begun. */
  usage: 2,
  /** Another run of the job and shard is under way. */
  locked: 3,
  /** It found damage, in all of its work or before it was told to stop. */
  damage: 4,
} as const;

/** What the process of a run ends with. */
export function exitCodeOf({ outcome, faults }: Pick<RunResult, 'outcome' | 'faults'>): number {
  if (outcome === 'failed') return exitCodes.failed;
  return faults > 0 ? exitCodes.damage : exitCodes.done;
}
