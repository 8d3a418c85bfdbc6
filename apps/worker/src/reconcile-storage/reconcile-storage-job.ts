import type { BlobStore, ListedBlob } from '@stowage/storage';
import { z } from 'zod';
import type { Job, JobFindings, JobRun } from '../job.ts';
import { assertCredible } from '../credible-findings.ts';
import { keyRangeOf, type KeyRange, type ListingPosition } from './key-range.ts';
import { matchListings, type MatchedKey } from './match-listings.ts';
import { setReconcileStorageMetrics } from './reconcile-storage-metrics.ts';
import type { ReconcileStorageRepository, RecordedBlob, SettledRepairs } from './reconcile-storage-repository.ts';
import { confirmSuspicions, outcomeOf, type KeyOutcome } from './suspicions.ts';

export interface ReconcileStorageOptions {
  readonly repository: ReconcileStorageRepository;
  readonly store: Pick<BlobStore, 'head' | 'list'>;
  readonly now: () => Date;
  /** Younger bytes are left alone, and orphans are deleted no sooner than so much later. */
  readonly graceMs: number;
  /** More findings than this part of what was compared, from 0 to 1, make the run fail. */
  readonly mostFindings: number;
}

/** Keys of one transaction: what a killed run has to do again. */
const keysAtOnce = 1000;

const checkpointShape = z.object({
  after: z.object({ key: z.string(), id: z.string() }),
  compared: z.number(),
  lost: z.number(),
  orphaned: z.number(),
  storedBlobs: z.number(),
  storedBytes: z.number(),
  orphanedBytes: z.number(),
});

type Progress = z.output<typeof checkpointShape>;

/**
 * Compares what the store lists with the rows, both ways, in memory that does not grow with either. Bytes without a row are
 * recorded for deletion, live rows without their bytes go into quarantine; nothing is deleted here.
 */
export class ReconcileStorageJob implements Job {
  readonly #options: ReconcileStorageOptions;

  constructor(options: ReconcileStorageOptions) {
    this.#options = options;
  }

  async run(run: JobRun): Promise<JobFindings> {
    const range = keyRangeOf(run.shard);
    let progress = resume(run.checkpoint, range);
    const keys = this.#matchFrom({ ...range, after: progress.after });
    const size = (): number => Math.min(keysAtOnce, run.remaining);
    if (run.remaining > 0) {
      for await (const batch of inBatches(keys, size)) {
        progress = await this.#reconcile(batch, run, progress);
        if (run.signal.aborted || run.remaining === 0) return { complete: false, faults: progress.lost };
      }
      setReconcileStorageMetrics(run.registry, progress);
    }
    return { complete: run.remaining > 0, faults: progress.lost };
  }

  #matchFrom({ after, until }: KeyRange): AsyncIterable<MatchedKey> {
    return matchListings(this.#listStore(after.key, until.key), this.#listRows(after.id, until.id));
  }

  async *#listStore(after: string, until: string): AsyncGenerator<ListedBlob> {
    for await (const blob of this.#options.store.list(after === '' ? {} : { startAfter: after })) {
      if (blob.key > until) return;
      yield blob;
    }
  }

  async *#listRows(after: string, until: string): AsyncGenerator<RecordedBlob> {
    for (let last: string | undefined = after; last !== undefined;) {
      const rows: readonly RecordedBlob[] = await this.#options.repository.listRows({
        after: last,
        until,
        limit: keysAtOnce,
      });
      yield* rows;
      last = rows.at(-1)?.id;
    }
  }

  async #reconcile(batch: readonly MatchedKey[], run: JobRun, before: Progress): Promise<Progress> {
    const { repository, store, now, graceMs, mostFindings } = this.#options;
    const time = now().getTime();
    const youngSince = new Date(time - graceMs);
    const outcomes = batch.map((key) => outcomeOf(key, youngSince));
    const suspects = batch.filter((_, index) => outcomes[index] === 'suspect');
    const repairs = await confirmSuspicions(suspects, { repository, store, youngSince });
    let progress = before;
    const settled = await repository.settle(repairs, {
      dryRun: run.dryRun,
      deleteAfter: new Date(time + graceMs),
      record: async (tx, repaired) => {
        progress = advance(before, batch, repaired);
        const { compared, orphaned, lost } = progress;
        assertCredible({ kind: 'orphaned', count: orphaned, compared }, mostFindings);
        assertCredible({ kind: 'lost', count: lost, compared }, mostFindings);
        const bytes = progress.orphanedBytes - before.orphanedBytes;
        await run.record(tx, { counts: countOutcomes(outcomes, repaired), bytes, checkpoint: progress });
      },
    });
    logFindings(settled, run);
    return progress;
  }
}

function resume(checkpoint: unknown, { after }: KeyRange): Progress {
  const nothing = { compared: 0, lost: 0, orphaned: 0, storedBlobs: 0, storedBytes: 0, orphanedBytes: 0 };
  return checkpointShape.safeParse(checkpoint).data ?? { after, ...nothing };
}

async function* inBatches(keys: AsyncIterable<MatchedKey>, size: () => number): AsyncGenerator<readonly MatchedKey[]> {
  let batch: MatchedKey[] = [];
  for await (const key of keys) {
    batch.push(key);
    if (batch.length < size()) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function advance(before: Progress, batch: readonly MatchedKey[], { orphans, losses }: SettledRepairs): Progress {
  const stored = batch.flatMap((key) => key.stored ?? []);
  return {
    after: positionAfter(batch, before.after),
    compared: before.compared + batch.length,
    lost: before.lost + losses.filter(({ wasLive }) => wasLive).length,
    orphaned: before.orphaned + orphans.length,
    storedBlobs: before.storedBlobs + stored.length,
    storedBytes: stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, before.storedBytes),
    orphanedBytes: orphans.reduce((sum, { sizeBytes }) => sum + sizeBytes, before.orphanedBytes),
  };
}

function positionAfter(batch: readonly MatchedKey[], before: ListingPosition): ListingPosition {
  const lastRow = batch.findLast(({ recorded }) => recorded !== undefined);
  return { key: batch.at(-1)?.key ?? before.key, id: lastRow?.key ?? before.id };
}

/** What was suspected and is not confirmed has been explained. */
function countOutcomes(outcomes: readonly KeyOutcome[], { orphans, losses }: SettledRepairs): Record<string, number> {
  const count = (outcome: KeyOutcome): number => outcomes.filter((other) => other === outcome).length;
  const lost = losses.filter(({ wasLive }) => wasLive);
  const counts = {
    ...{
      matched: count('matched'),
      quarantined: count('quarantined'),
      foreign: count('foreign'),
      young: count('young'),
    },
    orphaned: orphans.length,
    missing: lost.filter(({ fault }) => fault === 'missing').length,
    'wrong-size': lost.filter(({ fault }) => fault === 'wrong-size').length,
    explained: count('suspect') - orphans.length - lost.length,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, number]) => number > 0));
}

function logFindings({ orphans, losses }: SettledRepairs, { log, dryRun }: JobRun): void {
  for (const { id: blobId, fault, wasLive, wasQuarantined } of losses)
    if (wasLive && !wasQuarantined) log.error({ blobId, fault, dryRun }, 'blob is damaged and in quarantine');
  for (const { id: blobId, sizeBytes } of orphans)
    log.info({ blobId, sizeBytes, dryRun }, 'bytes without a row are recorded for deletion');
}
