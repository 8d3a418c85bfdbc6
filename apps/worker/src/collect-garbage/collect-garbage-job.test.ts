import { describe, expect, it } from '@jest/globals';
import { BlobDeletionError, BlobStoreUnavailableError } from '@stowage/storage';
import { MemoryBlobStore } from '@stowage/storage/testing';
import { v7 as newId } from 'uuid';
import { MemoryJobRun, noTransaction } from '../memory-job-run.ts';
import { CollectGarbageJob } from './collect-garbage-job.ts';
import { MemoryGarbageRepository, type MemoryBlobRow } from './memory-garbage-repository.ts';

const hourMs = 3_600_000;

function garbageRow(fields: Partial<MemoryBlobRow> = {}): MemoryBlobRow {
  return { id: newId(), state: 'garbage', sizeBytes: 10, deleteAfter: new Date(0), ...fields };
}

/** A store that cannot delete some keys. */
class StubbornBlobStore extends MemoryBlobStore {
  readonly deletions: (readonly string[])[] = [];
  readonly #stubborn: ReadonlySet<string>;
  /** Why it deletes nothing; undefined when it refuses single blobs. */
  readonly #cause: Error | undefined;

  constructor(stubborn: readonly string[] = [], { now, cause }: { now?: () => Date; cause?: Error } = {}) {
    super({ now: now ?? (() => new Date()) });
    this.#stubborn = new Set(stubborn);
    this.#cause = cause;
  }

  override async deleteMany(keys: readonly string[]): Promise<void> {
    this.deletions.push(keys);
    const left = keys.filter((key) => this.#stubborn.has(key));
    if (left.length > 0) throw new BlobDeletionError(left, { cause: this.#cause });
  }
}

function givenJob(rows: readonly MemoryBlobRow[], blobs = new StubbornBlobStore()) {
  const garbage = new MemoryGarbageRepository(rows);
  const job = new CollectGarbageJob({
    ...{ garbage, blobs, db: noTransaction },
    ...{ graceMs: hourMs, abandonedAfterMs: hourMs },
  });
  return { job, garbage, blobs };
}

describe('CollectGarbageJob', () => {
  it('deletes garbage 1000 at a time and counts it with its bytes', async () => {
    const { job, garbage, blobs } = givenJob(Array.from({ length: 2500 }, () => garbageRow()));
    const run = new MemoryJobRun();
    expect(await job.run(run)).toEqual({ complete: true, faults: 0 });
    expect(blobs.deletions.map(({ length }) => length)).toEqual([1000, 1000, 500]);
    expect(run.counts).toEqual({ deleted: 2500 });
    expect(run.steps.reduce((sum, { bytes = 0 }) => sum + bytes, 0)).toBe(25_000);
    expect(run.total).toBe(2500);
    expect(garbage.rows).toEqual([]);
  });

  it('gives overdue uploads the grace before it deletes them', async () => {
    const pending = garbageRow({ state: 'pending' });
    const { job, garbage, blobs } = givenJob([pending]);
    const run = new MemoryJobRun();
    await job.run(run);
    expect(run.counts).toEqual({ 'given-up': 1 });
    expect(blobs.deletions).toEqual([]);
    expect(garbage.rows).toEqual([expect.objectContaining({ id: pending.id, state: 'garbage' })]);
    expect(garbage.rows[0]?.deleteAfter.getTime()).toBeGreaterThan(Date.now() + hourMs / 2);
  });

  it('goes on past a blob that the store does not delete, keeps its row and fails in the end', async () => {
    const rows = Array.from({ length: 1500 }, (_, index) => garbageRow({ deleteAfter: new Date(index) }));
    const stubborn = rows[3] ?? garbageRow();
    const { job, garbage } = givenJob(rows, new StubbornBlobStore([stubborn.id]));
    const run = new MemoryJobRun();
    await expect(job.run(run)).rejects.toBeInstanceOf(BlobDeletionError);
    expect(run.counts).toMatchObject({ deleted: 1499 });
    expect(garbage.rows).toEqual([stubborn]);
  });

  it('goes on past a whole batch that the store does not delete, tells how long garbage waits and fails in the end', async () => {
    const rows = Array.from({ length: 1500 }, (_, index) => garbageRow({ deleteAfter: new Date(index) }));
    const stubborn = rows.slice(0, 1000);
    let nowMs = 0;
    const store = new StubbornBlobStore(
      stubborn.map(({ id }) => id),
      { now: () => new Date(nowMs) },
    );
    const { job, garbage, blobs } = givenJob(rows, store);
    await blobs.createMultipart(newId());
    nowMs = 2 * hourMs;
    const run = new MemoryJobRun();
    await expect(job.run(run)).rejects.toBeInstanceOf(BlobDeletionError);
    expect(garbage.rows).toHaveLength(1000);
    expect(blobs.openUploads).toEqual([]);
    expect(await run.registry.metrics()).toMatch(/^stowage_collect_garbage_backlog_seconds [1-9]/m);
  });

  it('stops when the store does not answer, and tells how long garbage waits', async () => {
    const rows = Array.from({ length: 1500 }, () => garbageRow());
    const cause = new BlobStoreUnavailableError('away');
    const { job, garbage, blobs } = givenJob(
      rows,
      new StubbornBlobStore(
        rows.map(({ id }) => id),
        { cause },
      ),
    );
    const run = new MemoryJobRun();
    await expect(job.run(run)).rejects.toBeInstanceOf(BlobDeletionError);
    expect(blobs.deletions).toHaveLength(1);
    expect(garbage.rows).toHaveLength(1500);
    expect(await run.registry.metrics()).toMatch(/^stowage_collect_garbage_backlog_seconds [1-9]/m);
  });

  it('never deletes what a version refers to, and reports it', async () => {
    const referenced = garbageRow({ referenced: true });
    const { job, garbage } = givenJob([referenced, garbageRow()]);
    const run = new MemoryJobRun();
    expect(await job.run(run)).toEqual({ complete: true, faults: 1 });
    expect(garbage.rows).toEqual([referenced]);
    expect(await run.registry.metrics()).toContain('stowage_collect_garbage_referenced_blobs 1');
  });

  it('counts in a dry run what it would do, and does nothing', async () => {
    const rows = [garbageRow(), garbageRow({ state: 'pending' })];
    const { job, garbage, blobs } = givenJob(rows);
    await blobs.createMultipart(newId());
    const run = new MemoryJobRun({ dryRun: true });
    expect(await job.run(run)).toEqual({ complete: true, faults: 0 });
    expect(run.counts).toEqual({ 'given-up': 1, deleted: 1 });
    expect(garbage.rows).toEqual(rows);
    expect(blobs.deletions).toEqual([]);
    expect(blobs.openUploads).toHaveLength(1);
  });

  it('stops at its limit and at the signal, with work left', async () => {
    const { job, garbage } = givenJob(Array.from({ length: 5 }, () => garbageRow()));
    expect(await job.run(new MemoryJobRun({ limit: 2 }))).toEqual({ complete: false, faults: 0 });
    expect(garbage.rows).toHaveLength(3);
    expect(await job.run(new MemoryJobRun({ signal: AbortSignal.abort() }))).toEqual({ complete: false, faults: 0 });
    expect(garbage.rows).toHaveLength(3);
  });

  it('removes abandoned uploads in one shard alone', async () => {
    let nowMs = 0;
    const { job, blobs } = givenJob([], new StubbornBlobStore([], { now: () => new Date(nowMs) }));
    await blobs.createMultipart(newId());
    await blobs.createMultipart('of-another-program');
    nowMs = 2 * hourMs;
    await blobs.createMultipart(newId());
    await job.run(new MemoryJobRun({ shard: { index: 1, count: 2 } }));
    expect(blobs.openUploads).toHaveLength(3);
    const run = new MemoryJobRun({ shard: { index: 0, count: 2 } });
    await job.run(run);
    expect(blobs.openUploads).toHaveLength(2);
    expect(await run.registry.metrics()).toContain('stowage_collect_garbage_abandoned_uploads 1');
  });
});
