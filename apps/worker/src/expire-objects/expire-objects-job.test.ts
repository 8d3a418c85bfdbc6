import { describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { MemoryJobRun, noTransaction } from '../memory-job-run.ts';
import { ExpireObjectsJob } from './expire-objects-job.ts';
import { expiringKinds } from './expired-record-repository.ts';
import { MemoryExpiredRecordRepository } from './memory-expired-record-repository.ts';
import { MemoryTrashRepository } from './memory-trash-repository.ts';

function givenJob() {
  const trash = new MemoryTrashRepository();
  const records = new MemoryExpiredRecordRepository();
  const job = new ExpireObjectsJob({ trash, records, db: noTransaction, graceMs: 1000 });
  const bucketId = newId();
  trash.add({ id: bucketId, retentionDays: 7 });
  return { job, trash, records, bucketId };
}

/** Versions of one object each. */
function givenVersions(trash: MemoryTrashRepository, bucketId: string, { count = 1, endedDaysAgo = 8 } = {}): void {
  for (let index = 0; index < count; index += 1)
    trash.add({ id: newId(), bucketId, objectId: newId(), blobId: newId(), sizeBytes: 10, endedDaysAgo });
}

describe('ExpireObjectsJob', () => {
  it('does nothing where nothing is due', async () => {
    const { job, trash, bucketId } = givenJob();
    givenVersions(trash, bucketId, { endedDaysAgo: 6 });
    const run = new MemoryJobRun();
    expect(await job.run(run)).toEqual({ complete: true, faults: 0 });
    expect(Object.values(run.counts).every((count) => count === 0)).toBe(true);
    expect(run.total).toBe(0);
    expect(trash.versionIds).toHaveLength(1);
  });

  it('removes all that is due, in batches, and counts it', async () => {
    const { job, trash, records, bucketId } = givenJob();
    givenVersions(trash, bucketId, { count: 2500 });
    const deleted = newId();
    trash.add({ id: deleted, retentionDays: 7, deletedDaysAgo: 8 });
    givenVersions(trash, deleted, { count: 10, endedDaysAgo: 9 });
    trash.add({ id: newId(), bucketId: deleted, objectId: newId(), blobId: newId(), sizeBytes: 10 });
    for (const kind of expiringKinds) records.add({ kind, id: newId(), expiresAt: new Date(0) });
    const run = new MemoryJobRun();
    expect(await job.run(run)).toEqual({ complete: true, faults: 0 });
    const records4 = { 'idempotency-keys': 1, sessions: 1, 'access-tokens': 1, invitations: 1 };
    expect(run.counts).toEqual({ versions: 2511, buckets: 1, ...records4 });
    expect(run.total).toBe(2516);
    expect([trash.versionIds, trash.bucketIds, records.ids]).toEqual([[], [bucketId], []]);
    expect(trash.garbage).toHaveLength(2511);
    const metrics = await run.registry.metrics();
    expect(metrics).toContain('stowage_expire_objects_removed_objects 2511');
    expect(metrics).toContain('stowage_expire_objects_garbage_blobs 2511');
    expect(metrics).toContain('stowage_expire_objects_garbage_bytes 25110');
  });

  it('counts in a dry run what it would do, and does nothing', async () => {
    const { job, trash, records, bucketId } = givenJob();
    givenVersions(trash, bucketId, { count: 1200 });
    trash.add({ id: newId(), retentionDays: 0, deletedDaysAgo: 1 });
    records.add({ kind: 'sessions', id: newId(), expiresAt: new Date(0) });
    const run = new MemoryJobRun({ dryRun: true });
    expect(await job.run(run)).toEqual({ complete: true, faults: 0 });
    expect(run.counts).toMatchObject({ versions: 1200, buckets: 1, sessions: 1 });
    expect([trash.versionIds.length, trash.bucketIds.length, records.ids.length]).toEqual([1200, 2, 1]);
  });

  it.each([
    [3, { versions: 2, buckets: 1 }],
    [5, { versions: 2, buckets: 2, sessions: 1 }],
  ])('counts in a dry run no more than its limit of %i', async (limit, counts) => {
    const { job, trash, records, bucketId } = givenJob();
    givenVersions(trash, bucketId, { count: 2 });
    for (const id of [newId(), newId()]) trash.add({ id, retentionDays: 0, deletedDaysAgo: 1 });
    for (const id of [newId(), newId()]) records.add({ kind: 'sessions', id, expiresAt: new Date(0) });
    const run = new MemoryJobRun({ dryRun: true, limit });
    expect(await job.run(run)).toEqual({ complete: false, faults: 0 });
    expect(run.counts).toMatchObject(counts);
    expect(run.remaining).toBe(0);
  });

  it('stops at its limit and at the signal, with work left', async () => {
    const { job, trash, bucketId } = givenJob();
    givenVersions(trash, bucketId, { count: 5 });
    expect(await job.run(new MemoryJobRun({ limit: 2 }))).toEqual({ complete: false, faults: 0 });
    expect(trash.versionIds).toHaveLength(3);
    expect(await job.run(new MemoryJobRun({ signal: AbortSignal.abort() }))).toEqual({ complete: false, faults: 0 });
    expect(trash.versionIds).toHaveLength(3);
  });
});
