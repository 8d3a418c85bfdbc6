import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { BlobStoreUnavailableError, type BlobStore } from '@stowage/storage';
import { MemoryBlobStore } from '@stowage/storage/testing';
import { v4 as newId } from 'uuid';
import { MemoryJobRun, noTransaction, type MemoryJobRunOptions } from '../memory-job-run.ts';
import { MemoryReconcileStorageRepository, type MemoryBlobRow } from './memory-reconcile-storage-repository.ts';
import { ReconcileStorageJob } from './reconcile-storage-job.ts';

const hourMs = 3_600_000;

class Installation {
  time = Date.parse('2026-01-10T00:00:00Z');
  readonly store = new MemoryBlobStore({ now: () => new Date(this.time) });
  readonly repository = new MemoryReconcileStorageRepository(noTransaction);

  async run(
    options: MemoryJobRunOptions = {},
    store: Pick<BlobStore, 'head' | 'list'> = this.store,
  ): Promise<MemoryJobRun> {
    const run = new MemoryJobRun(options);
    const now = (): Date => new Date(this.time);
    const parts = { repository: this.repository, store, now, graceMs: 24 * hourMs, mostFindings: 0.1 };
    this.findings = await new ReconcileStorageJob(parts).run(run);
    return run;
  }

  findings: unknown;

  async givenBlob(state: MemoryBlobRow['state'] = 'live', fault?: 'missing'): Promise<string> {
    const id = newId();
    await this.givenBytes(id);
    this.repository.rows.set(id, { id, state, sizeBytes: 10, ...(fault && { fault }) });
    return id;
  }

  async givenBytes(key: string, sizeBytes = 10): Promise<string> {
    await this.store.put(key, Readable.from([randomBytes(sizeBytes)]));
    return key;
  }

  row(id: string): MemoryBlobRow | undefined {
    return this.repository.rows.get(id);
  }
}

describe('ReconcileStorageJob', () => {
  it('records orphans for deletion after the grace, puts losses into quarantine, and touches nothing else', async () => {
    const installation = new Installation();
    const states = ['live', 'pending', 'garbage'] as const;
    const good = [];
    for (const state of states) good.push(await installation.givenBlob(state));
    const arriving = await installation.givenBlob('pending');
    const leaving = await installation.givenBlob('garbage');
    const missing = await installation.givenBlob();
    const short = await installation.givenBlob();
    await installation.store.deleteMany([arriving, leaving, missing]);
    await installation.givenBytes(short, 9);
    const orphan = await installation.givenBytes(newId());
    await installation.givenBytes('backup/of-somebody');
    installation.time += 30 * hourMs;
    const young = await installation.givenBytes(newId());
    const before = good.map((id) => installation.row(id));
    const run = await installation.run();
    expect(installation.findings).toEqual({ complete: true, faults: 2 });
    expect(run.counts).toEqual({ matched: 5, foreign: 1, young: 1, orphaned: 1, missing: 1, 'wrong-size': 1 });
    expect(run.steps.map(({ bytes }) => bytes)).toEqual([10]);
    const deleteAfter = new Date(installation.time + 24 * hourMs);
    expect(installation.row(orphan)).toEqual({ id: orphan, state: 'garbage', sizeBytes: 10, deleteAfter });
    expect(installation.row(young)).toBeUndefined();
    expect([missing, short].map((id) => installation.row(id)?.fault)).toEqual(['missing', 'wrong-size']);
    expect(good.map((id) => installation.row(id))).toEqual(before);
    expect(await installation.store.head(orphan)).toBeDefined();
    const metrics = await run.registry.metrics();
    expect(metrics).toContain('stowage_reconcile_storage_stored_blobs 7');
    expect(metrics).toContain('stowage_reconcile_storage_stored_bytes 69');
    expect(metrics).toContain('stowage_reconcile_storage_orphaned_bytes 10');
  });

  it('finds nothing again that it has dealt with', async () => {
    const installation = new Installation();
    await installation.givenBytes(newId());
    const missing = await installation.givenBlob();
    await installation.store.deleteMany([missing]);
    installation.time += 30 * hourMs;
    await installation.run();
    const again = await installation.run();
    expect(again.counts).toEqual({ matched: 1, quarantined: 1 });
    expect(installation.findings).toEqual({ complete: true, faults: 0 });
  });

  it('looks again at what differs: it may have come or gone between the listings', async () => {
    const installation = new Installation();
    const stored = await installation.givenBlob();
    const collected = await installation.givenBytes(newId());
    const expired = await installation.givenBlob();
    const lateRow = await installation.givenBytes(newId());
    installation.time += 30 * hourMs;
    const { store, repository } = installation;
    const list = store.list.bind(store);
    store.list = async function* (options) {
      for await (const blob of list(options)) if (blob.key !== stored && blob.key !== expired) yield blob;
      await store.deleteMany([collected, expired]);
      repository.rows.set(lateRow, { id: lateRow, state: 'garbage', sizeBytes: 10 });
    };
    const findKnown = repository.findKnown.bind(repository);
    repository.findKnown = async (ids) => {
      repository.rows.set(expired, { id: expired, state: 'garbage', sizeBytes: 10 });
      return findKnown(ids);
    };
    const run = await installation.run();
    expect(run.counts).toEqual({ explained: 4 });
    expect(installation.row(stored)?.fault).toBeUndefined();
    expect(installation.row(collected)).toBeUndefined();
  });

  it('goes on from the checkpoint of a killed run', async () => {
    const installation = new Installation();
    for (let blobs = 0; blobs < 30; blobs += 1) await installation.givenBlob();
    await installation.givenBytes(newId());
    installation.time += 30 * hourMs;
    const first = await installation.run({ limit: 13 });
    expect(installation.findings).toMatchObject({ complete: false });
    const second = await installation.run({ checkpoint: first.checkpoint });
    expect(installation.findings).toMatchObject({ complete: true });
    const counts = [first, second].map((run) => run.counts);
    expect(counts[0]?.matched ?? 0).toBeLessThanOrEqual(13);
    expect((counts[0]?.matched ?? 0) + (counts[1]?.matched ?? 0)).toBe(30);
    expect((counts[0]?.orphaned ?? 0) + (counts[1]?.orphaned ?? 0)).toBe(1);
    expect(await second.registry.metrics()).toContain('stowage_reconcile_storage_stored_blobs 31');
  });

  it('shares the keys between shards', async () => {
    const installation = new Installation();
    for (let blobs = 0; blobs < 60; blobs += 1) await installation.givenBlob();
    const lost = await installation.givenBlob();
    await installation.store.deleteMany([lost]);
    let counts = { matched: 0, missing: 0 };
    for (const index of [0, 1, 2]) {
      const { matched = 0, missing = 0 } = (await installation.run({ shard: { index, count: 3 } })).counts;
      expect(matched).toBeGreaterThan(0);
      counts = { matched: counts.matched + matched, missing: counts.missing + missing };
    }
    expect(counts).toEqual({ matched: 60, missing: 1 });
  });

  it('changes nothing in a dry run', async () => {
    const installation = new Installation();
    const orphan = await installation.givenBytes(newId());
    installation.time += 30 * hourMs;
    const run = await installation.run({ dryRun: true });
    expect(run.counts).toEqual({ orphaned: 1 });
    expect(installation.row(orphan)).toBeUndefined();
  });

  it.each([
    ['orphaned', (installation: Installation): Promise<unknown> => installation.givenBytes(newId())],
    [
      'lost',
      async (installation: Installation): Promise<unknown> =>
        installation.store.deleteMany([await installation.givenBlob()]),
    ],
  ])('fails before it believes that most of the keys are %s', async (kind, given) => {
    const installation = new Installation();
    for (let blobs = 0; blobs < 25; blobs += 1) await given(installation);
    installation.time += 30 * hourMs;
    const rows = new Map(installation.repository.rows);
    await expect(installation.run()).rejects.toThrow(`25 of 25 blobs are ${kind}`);
    expect(installation.repository.rows).toEqual(rows);
  });

  it('fails when the store is away, and says nothing of any blob', async () => {
    const installation = new Installation();
    const missing = await installation.givenBlob();
    await installation.store.deleteMany([missing]);
    const head = (): Promise<never> => Promise.reject(new BlobStoreUnavailableError('away'));
    const store = { list: installation.store.list.bind(installation.store), head };
    await expect(installation.run({}, store)).rejects.toThrow('away');
    expect(installation.row(missing)?.fault).toBeUndefined();
  });
});
