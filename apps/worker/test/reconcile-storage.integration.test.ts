import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { blobStates, countedBy, quarantined } from './blob-states.ts';
import { givenBlobs, givenOrphans, putBytes, spread } from './given-blobs.ts';
import { blobStoreKinds, givenBlob, givenStores, storedKeys, type GivenBlob, type Stores } from './given.ts';
import { givenMonitoring, type Monitoring } from './monitoring.ts';
import { killRuns, runWorkerProcess, type WorkerExit } from './spawn-worker.ts';

const args = ['reconcile-storage', '--json'];
/** Bytes stored a moment ago are old enough. */
const now = { ORPHAN_GRACE_HOURS: '0.0000001' };

function resultOf({ stdout }: WorkerExit): unknown {
  return JSON.parse(stdout);
}

function idsOf(blobs: readonly GivenBlob[]): readonly string[] {
  return blobs.map(({ id }) => id).sort();
}

let monitoring: Monitoring;
beforeAll(async () => {
  monitoring = await givenMonitoring();
});
afterAll(async () => {
  await monitoring[Symbol.asyncDispose]();
});

let stores: Stores;
afterEach(async () => {
  await stores[Symbol.asyncDispose]();
});

/** The rows that are there to have orphans deleted. */
async function recordedOrphans(): Promise<readonly string[]> {
  const states = await blobStates(stores);
  return states.filter(({ state }) => state === 'garbage').map(({ id }) => id);
}

describe.each(blobStoreKinds)('reconcile-storage on %s', (kind) => {
  beforeEach(async () => {
    stores = await givenStores(kind);
  });

  it('4: finds planted orphans and losses, both ways, and touches nothing else', async () => {
    const given = await givenBlobs(stores, 2_500);
    const [cut, ...lost] = spread(given, 21);
    const orphans = await givenOrphans(stores, 30);
    const pending = await givenBlob(stores, { state: 'pending', content: undefined });
    if (cut === undefined) throw new Error('21 blobs are chosen');
    await putBytes(stores.blobs, cut.id, Buffer.alloc(3));
    await stores.blobs.deleteMany(idsOf(lost));
    const keys = await storedKeys(stores);

    const exit = await runWorkerProcess(stores, args, { env: { ...now, ...monitoring.env } });

    expect(exit.code).toBe(4);
    expect(resultOf(exit)).toMatchObject({
      ...{ outcome: 'succeeded', complete: true, faults: 21, bytes: 30 * 16 },
      counts: { matched: 2_480, orphaned: 30, missing: 20, 'wrong-size': 1 },
    });
    expect(await recordedOrphans()).toEqual([...orphans].sort());
    expect(await quarantined(stores)).toEqual({ missing: idsOf(lost), 'wrong-size': [cut.id] });
    expect(await storedKeys(stores)).toEqual(keys);
    expect((await blobStates(stores)).find(({ id }) => id === pending.id)).toMatchObject({ state: 'pending' });
    expect(await monitoring.metricsOf('reconcile-storage', exit)).toMatchObject({
      ...{ batch_last_run_bytes: 480, batch_last_success_timestamp_seconds: expect.any(Number) },
      'batch_last_run_processed_items{outcome="matched"}': 2_480,
      'batch_last_run_processed_items{outcome="orphaned"}': 30,
      'batch_last_run_processed_items{outcome="missing"}': 20,
      'batch_last_run_processed_items{outcome="wrong-size"}': 1,
      ...{
        stowage_reconcile_storage_stored_blobs: 2_510,
        stowage_reconcile_storage_stored_bytes: 2_509 * 16 + 3,
        stowage_reconcile_storage_orphaned_bytes: 480,
      },
    });
    const again = await runWorkerProcess(stores, args, { env: now });
    expect(again.code).toBe(0);
    expect(resultOf(again)).toMatchObject({ counts: { matched: 2_510, quarantined: 21 } });
  });

  it('has the collector delete orphans after their grace, and keep what is in quarantine', async () => {
    const [lost, ...good] = await givenBlobs(stores, 5);
    if (lost === undefined) throw new Error('five blobs are given');
    await stores.blobs.deleteMany([lost.id]);
    await givenOrphans(stores, 2);
    const early = { ...now, ORPHAN_GRACE_HOURS: '1' };
    expect(resultOf(await runWorkerProcess(stores, args, { env: early }))).toMatchObject({ counts: { young: 2 } });
    await runWorkerProcess(stores, args, { env: now });
    expect((await runWorkerProcess(stores, ['collect-garbage'])).code).toBe(0);
    expect(await storedKeys(stores)).toEqual(idsOf(good));
    expect((await blobStates(stores)).map(({ id, state, fault }) => [id, state, fault])).toEqual(
      idsOf([lost, ...good]).map((id) => [id, 'live', id === lost.id ? 'missing' : null]),
    );
  });

  it('leaves young bytes alone, as their row may be on its way', async () => {
    await givenOrphans(stores, 3);
    const exit = await runWorkerProcess(stores, args);
    expect(resultOf(exit)).toMatchObject({ faults: 0, counts: { young: 3 } });
    expect(await blobStates(stores)).toEqual([]);
  });

  it('shares the keys between shards that run at the same time', async () => {
    const lost = spread(await givenBlobs(stores, 300), 9);
    await givenOrphans(stores, 12);
    await stores.blobs.deleteMany(idsOf(lost));
    await Promise.all(
      ['0/3', '1/3', '2/3'].map((shard) => runWorkerProcess(stores, [...args, '--shard', shard], { env: now })),
    );
    expect(await countedBy(stores, 'reconcile-storage')).toEqual({ matched: 291, missing: 9, orphaned: 12 });
  });
});

describe('reconcile-storage', () => {
  beforeEach(async () => {
    stores = await givenStores('files');
  });

  it('1: refuses to believe that most of the store is orphaned, as with the database of another installation', async () => {
    await givenOrphans(stores, 30);
    const exit = await runWorkerProcess(stores, args, { env: now });
    expect(exit.code).toBe(1);
    expect(resultOf(exit)).toMatchObject({ error: expect.stringMatching(/^TooManyFindingsError: 30 of 30 blobs/) });
    expect(await blobStates(stores)).toEqual([]);
  });

  it('finds planted orphans and losses among 100,000 blobs, in memory that does not grow with them', async () => {
    await givenBlobs(stores, 1_000);
    const small = await measureReconciliation();
    const lost = spread(await givenBlobs(stores, 99_000), 250);
    const orphans = await givenOrphans(stores, 150);
    await stores.blobs.deleteMany(idsOf(lost));
    const large = await measureReconciliation();
    expect(small.counts).toEqual({ matched: 1_000 });
    expect(large.counts).toEqual({ matched: 99_750, missing: 250, orphaned: 150 });
    expect(await recordedOrphans()).toEqual([...orphans].sort());
    expect(await quarantined(stores)).toEqual({ missing: idsOf(lost) });
    expect(large.peakBytes - small.peakBytes).toBeLessThan(64 * 1024 * 1024);
  });

  it('is gone on with after 100 kills, and counts nothing twice', async () => {
    const lost = spread(await givenBlobs(stores, 20_000), 250);
    const orphans = await givenOrphans(stores, 250);
    await stores.blobs.deleteMany(idsOf(lost));

    const { killed, last } = await killRuns(stores, args, { withinOperations: 40, env: now });

    expect([killed, [0, 4].includes(last.code ?? 1)]).toEqual([100, true]);
    const { missing, orphaned, explained } = await countedBy(stores, 'reconcile-storage');
    expect({ missing, orphaned, explained }).toEqual({ missing: 250, orphaned: 250, explained: undefined });
    expect(await recordedOrphans()).toEqual([...orphans].sort());
    expect(await quarantined(stores)).toEqual({ missing: idsOf(lost) });
  });

  interface Measured {
    readonly counts: unknown;
    /** Of the resident memory of the process. */
    readonly peakBytes: number;
  }

  async function measureReconciliation(): Promise<Measured> {
    await using directory = await mkdtempDisposable(join(tmpdir(), 'stowage-memory-'));
    const memoryFile = join(directory.path, 'peak');
    // Without a limit V8 lets garbage pile up, and the peak says nothing of what is held.
    const env = {
      ...now,
      NODE_OPTIONS: '--max-old-space-size=64 --max-semi-space-size=2',
      TEST_MEMORY_FILE: memoryFile,
    };
    const exit = await runWorkerProcess(stores, args, { env });
    const { counts } = JSON.parse(exit.stdout) as { readonly counts: unknown };
    return { counts, peakBytes: Number(await readFile(memoryFile, 'utf8')) };
  }
});
