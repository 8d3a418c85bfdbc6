import type { Db } from '@stowage/db';
import { BlobDeletionError, BlobStoreError, type BlobStore } from '@stowage/storage';
import { isBlobId } from '../blob-id.ts';
import type { Job, JobFindings, JobRun } from '../job.ts';
import { workInBatches } from '../work-in-batches.ts';
import { setCollectGarbageMetrics } from './collect-garbage-metrics.ts';
import type { DueBlob, GarbageRepository, Removal } from './garbage-repository.ts';

export interface CollectGarbageParts {
  readonly garbage: GarbageRepository;
  readonly blobs: BlobStore;
  /** For what a dry run counts. */
  readonly db: Db;
  /** From becoming garbage to being deleted. */
  readonly graceMs: number;
  /** How long an unfinished upload may pause before the store forgets it. */
  readonly abandonedAfterMs: number;
}

/** As many as S3 deletes in one call. */
const batchSize = 1000;

/**
 * Gives up uploads past their deadline, and deletes garbage past its grace: first the bytes, then the row, so that a run killed in
 * between only deletes again what is gone. What is garbage never becomes anything else, so nothing is locked while the store works.
 */
export class CollectGarbageJob implements Job {
  readonly #parts: CollectGarbageParts;

  constructor(parts: CollectGarbageParts) {
    this.#parts = parts;
  }

  async run(run: JobRun): Promise<JobFindings> {
    const { garbage } = this.#parts;
    const expected = await garbage.count(run.shard);
    if (expected !== undefined) run.expect(expected);
    const allGivenUp = await this.#giveUpOverdue(run);
    const collection = new Collection(run, this.#parts);
    let abandoned = 0;
    try {
      const allDeleted = await collection.run();
      if (allDeleted) abandoned = await this.#removeAbandoned(run);
      if (collection.failure !== undefined) throw collection.failure;
      return { complete: allGivenUp && allDeleted, faults: collection.referenced };
    } finally {
      const backlogSeconds = await garbage.backlogSeconds(run.shard);
      setCollectGarbageMetrics(run.registry, { abandoned, referenced: collection.referenced, backlogSeconds });
    }
  }

  async #giveUpOverdue(run: JobRun): Promise<boolean> {
    const { garbage, db, graceMs } = this.#parts;
    const count = (tx: Db, { blobs }: Removal): Promise<void> => run.record(tx, { counts: { 'given-up': blobs } });
    return workInBatches<DueBlob>(run, {
      size: batchSize,
      list: (after, limit) => garbage.listOverdue({ shard: run.shard, after, limit }),
      handle: async (batch) => {
        if (run.dryRun) await count(db, { blobs: batch.length, bytes: 0 });
        else await garbage.giveUp(idsOf(batch), graceMs, count);
      },
    });
  }

  /** They have no rows, so one shard does it for all. */
  async #removeAbandoned({ shard, dryRun, log }: JobRun): Promise<number> {
    if (shard.index > 0 || dryRun) return 0;
    const abandoned = await this.#parts.blobs.removeAbandoned(this.#parts.abandonedAfterMs, isBlobId);
    if (abandoned > 0) log.info({ abandoned }, 'unfinished uploads removed from the blob store');
    return abandoned;
  }
}

/** The deletion of what is due in one run. */
class Collection {
  /** How much garbage a version refers to. */
  referenced = 0;
  /** Why the store did not delete a blob, the first time; the others were gone on with. */
  failure: BlobDeletionError | undefined;
  readonly #run: JobRun;
  readonly #parts: CollectGarbageParts;

  constructor(run: JobRun, parts: CollectGarbageParts) {
    this.#run = run;
    this.#parts = parts;
  }

  async run(): Promise<boolean> {
    const { shard } = this.#run;
    return workInBatches<DueBlob>(this.#run, {
      size: batchSize,
      list: (after, limit) => this.#parts.garbage.listDue({ shard, after, limit }),
      handle: (batch) => this.#delete(batch),
    });
  }

  async #delete(batch: readonly DueBlob[]): Promise<void> {
    const due = batch.filter(({ referenced }) => !referenced);
    this.#report(batch.filter(({ referenced }) => referenced));
    const count = (tx: Db, { blobs, bytes }: Removal): Promise<void> =>
      this.#run.record(tx, { counts: { deleted: blobs }, bytes });
    if (this.#run.dryRun) {
      const bytes = due.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      await count(this.#parts.db, { blobs: due.length, bytes });
    } else {
      const deleted = await this.#deleteBytes(idsOf(due));
      await this.#parts.garbage.forget(deleted, count);
    }
  }

  /** The ids of those that are gone. Rejects when the store did not answer: then trying further ones helps nobody. */
  async #deleteBytes(ids: readonly string[]): Promise<readonly string[]> {
    try {
      await this.#parts.blobs.deleteMany(ids);
      return ids;
    } catch (error) {
      // A refusal of single blobs has no error of the store behind it.
      if (!(error instanceof BlobDeletionError) || error.cause instanceof BlobStoreError) throw error;
      this.failure ??= error;
      const left = new Set(error.keys);
      return ids.filter((id) => !left.has(id));
    }
  }

  /** It cannot come from any write there is: somebody has to look. */
  #report(referenced: readonly DueBlob[]): void {
    if (referenced.length === 0) return;
    this.referenced += referenced.length;
    this.#run.log.error({ blobIds: idsOf(referenced) }, 'versions refer to garbage: left alone');
  }
}

function idsOf(blobs: readonly DueBlob[]): readonly string[] {
  return blobs.map(({ id }) => id);
}
