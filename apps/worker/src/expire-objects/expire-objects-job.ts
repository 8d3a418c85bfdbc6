import type { Db } from '@stowage/db';
import type { Job, JobFindings, JobRun } from '../job.ts';
import { workInBatches } from '../work-in-batches.ts';
import { expiringKinds, type ExpiredRecordRepository, type ExpiringKind } from './expired-record-repository.ts';
import { setExpireObjectsMetrics } from './expire-objects-metrics.ts';
import type { DueBucket, DueVersion, TrashRepository, VersionPage, VersionRemoval } from './trash-repository.ts';

export interface ExpireObjectsParts {
  readonly trash: TrashRepository;
  readonly records: ExpiredRecordRepository;
  /** For what a dry run counts. */
  readonly db: Db;
  /** From becoming garbage to being deleted. */
  readonly graceMs: number;
}

type ListVersions = (page: VersionPage) => Promise<readonly DueVersion[]>;

/** A transaction holds its objects and blobs against writers for some 50 ms. */
const batchSize = 1000;

/**
 * Ends retention: versions that are kept long enough, deleted buckets with all that is in them, and what else has expired. What is done
 * is gone, so a run after a killed one begins at the beginning.
 */
export class ExpireObjectsJob implements Job {
  readonly #parts: ExpireObjectsParts;

  constructor(parts: ExpireObjectsParts) {
    this.#parts = parts;
  }

  async run(run: JobRun): Promise<JobFindings> {
    const expiry = new Expiry(run, this.#parts);
    await expiry.announce();
    const complete = await expiry.run();
    setExpireObjectsMetrics(run.registry, expiry.consequences);
    return { complete, faults: 0 };
  }
}

/** What one run does. */
class Expiry {
  consequences = { objects: 0, garbageBlobs: 0, garbageBytes: 0 };
  readonly #run: JobRun;
  readonly #parts: ExpireObjectsParts;

  constructor(run: JobRun, parts: ExpireObjectsParts) {
    this.#run = run;
    this.#parts = parts;
  }

  async announce(): Promise<void> {
    const { trash, records } = this.#parts;
    const { shard } = this.#run;
    const counts = [await trash.countVersions(shard), await trash.countDueBuckets(shard)];
    for (const kind of expiringKinds) counts.push(await records.count(kind, shard));
    if (!counts.includes(undefined)) this.#run.expect(counts.reduce((sum: number, count) => sum + (count ?? 0), 0));
  }

  async run(): Promise<boolean> {
    const { trash } = this.#parts;
    const steps = [
      () => this.#removeVersions((page) => trash.listExpired(page)),
      () => this.#removeVersions((page) => trash.listOfDueBuckets(page)),
      () => this.#removeBuckets(),
      ...expiringKinds.map((kind) => () => this.#removeRecords(kind)),
    ];
    for (const step of steps) if (!(await step())) return false;
    return true;
  }

  async #removeVersions(list: ListVersions): Promise<boolean> {
    const { trash, db, graceMs } = this.#parts;
    const { shard, dryRun } = this.#run;
    return workInBatches<DueVersion>(this.#run, {
      size: batchSize,
      list: (after, limit) => list({ shard, after, limit }),
      handle: async (batch) => {
        if (dryRun) await this.#countVersions(db, toRemoval(batch));
        else {
          const ids = batch.map(({ id }) => id);
          await trash.removeVersions(ids, { graceMs, record: (tx, removal) => this.#countVersions(tx, removal) });
        }
      },
    });
  }

  async #countVersions(tx: Db, removal: VersionRemoval): Promise<void> {
    await this.#run.record(tx, { counts: { versions: removal.versions }, bytes: removal.versionBytes });
    const { objects, garbageBlobs, garbageBytes } = this.consequences;
    this.consequences = {
      objects: objects + removal.objects,
      garbageBlobs: garbageBlobs + removal.garbageBlobs,
      garbageBytes: garbageBytes + removal.garbageBytes,
    };
  }

  async #removeBuckets(): Promise<boolean> {
    const { trash } = this.#parts;
    const count = (tx: Db, removed: number): Promise<void> => this.#run.record(tx, { counts: { buckets: removed } });
    if (this.#run.dryRun) return this.#countOnly(await trash.countDueBuckets(this.#run.shard), count);
    return workInBatches<DueBucket>(this.#run, {
      size: batchSize,
      list: (after, limit) => trash.listDueBuckets({ after, limit }),
      handle: (batch) =>
        trash.removeEmptyBuckets(
          batch.map(({ id }) => id),
          count,
        ),
    });
  }

  async #removeRecords(kind: ExpiringKind): Promise<boolean> {
    const { records } = this.#parts;
    const { shard, dryRun, signal } = this.#run;
    const count = (tx: Db, removed: number): Promise<void> => this.#run.record(tx, { counts: { [kind]: removed } });
    if (dryRun) return this.#countOnly(await records.count(kind, shard), count);
    let from: string | undefined;
    while (!signal.aborted && this.#run.remaining > 0) {
      const limit = Math.min(batchSize, this.#run.remaining);
      const { removed, through } = await records.removeSome(kind, { shard, from, limit }, count);
      if (removed === 0) return true;
      from = through;
    }
    return false;
  }

  /** For a dry run: counts up to the limit, and answers whether that is all. */
  async #countOnly(due: number, count: (tx: Db, removed: number) => Promise<void>): Promise<boolean> {
    const counted = Math.min(due, this.#run.remaining);
    await count(this.#parts.db, counted);
    return counted === due;
  }
}

/** As far as a dry run can tell. */
function toRemoval(versions: readonly DueVersion[]): VersionRemoval {
  const versionBytes = versions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { versions: versions.length, versionBytes, objects: 0, garbageBlobs: 0, garbageBytes: 0 };
}
