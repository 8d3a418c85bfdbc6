import type { JobRun } from './job.ts';

export interface Batches<Item> {
  /** Items in one batch at most. */
  readonly size: number;
  /** The next items after the one given, or the first ones; none when all have been seen. */
  readonly list: (after: Item | undefined, limit: number) => Promise<readonly Item[]>;
  /** Does the work and records it. */
  readonly handle: (batch: readonly Item[]) => Promise<void>;
}

/**
 * Lists and handles, batch by batch, until nothing is left, the run has to end or its limit is reached. What could not be handled
 * is passed by. Resolves with whether the end was reached.
 */
export async function workInBatches<Item>(run: JobRun, { size, list, handle }: Batches<Item>): Promise<boolean> {
  let last: Item | undefined;
  while (!run.signal.aborted && run.remaining > 0) {
    const batch = await list(last, Math.min(size, run.remaining));
    if (batch.length === 0) return true;
    await handle(batch);
    last = batch.at(-1);
  }
  return false;
}
