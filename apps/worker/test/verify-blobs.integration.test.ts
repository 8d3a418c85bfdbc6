import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { blobStates, countedBy, quarantined } from './blob-states.ts';
import { givenBlobs, putBytes, spread } from './given-blobs.ts';
import { blobStoreKinds, givenBlob, givenStores, requiredService, type GivenBlob, type Stores } from './given.ts';
import { givenMonitoring, type Monitoring } from './monitoring.ts';
import { killRuns, runWorkerProcess, spawnWorker, type WorkerExit } from './spawn-worker.ts';

const args = ['verify-blobs', '--json'];
/** Every blob is due, also one that was stored a moment ago. */
const now = { VERIFY_AFTER_HOURS: '0' };

function resultOf({ stdout }: WorkerExit): unknown {
  return JSON.parse(stdout);
}

function idsOf(blobs: readonly GivenBlob[]): readonly string[] {
  return blobs.map(({ id }) => id).sort();
}

function flipped(content: Buffer): Buffer {
  const copy = Buffer.from(content);
  copy[7] = (copy[7] ?? 0) ^ 4;
  return copy;
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

describe.each(blobStoreKinds)('verify-blobs on %s', (kind) => {
  beforeEach(async () => {
    stores = await givenStores(kind);
  });

  it('4: finds a flipped bit, a truncated and a missing blob, and touches no good one', async () => {
    const good = await givenBlobs(stores, 30);
    const large = await givenBlob(stores, { content: randomBytes(9 * 1024 * 1024) });
    const empty = await givenBlob(stores, { content: Buffer.alloc(0) });
    const pending = await givenBlob(stores, { state: 'pending', deleteAfter: new Date('2100-01-01') });
    const garbage = await givenBlob(stores, { state: 'garbage', content: undefined });
    const [flip, cut, lose] = await givenBlobs(stores, 3);
    if (flip === undefined || cut === undefined || lose === undefined) throw new Error('three blobs are given');
    await putBytes(stores.blobs, flip.id, flipped(flip.content));
    await putBytes(stores.blobs, cut.id, cut.content.subarray(0, 15));
    await stores.blobs.deleteMany([lose.id]);

    const exit = await runWorkerProcess(stores, args, { env: { ...now, ...monitoring.env } });

    expect(exit.code).toBe(4);
    expect(resultOf(exit)).toMatchObject({
      ...{ outcome: 'succeeded', complete: true, faults: 3, bytes: 30 * 16 + large.content.length },
      counts: { intact: 32, 'wrong-content': 1, 'wrong-size': 1, missing: 1 },
    });
    expect(exit.stderr.split('blob is damaged and in quarantine')).toHaveLength(4);
    expect(await quarantined(stores)).toEqual({
      ...{ 'wrong-content': [flip.id], 'wrong-size': [cut.id], missing: [lose.id] },
    });
    const states = await blobStates(stores);
    expect(states.filter(({ isVerified }) => isVerified).map(({ id }) => id)).toEqual(idsOf([...good, large, empty]));
    const untouched = states.filter(({ id }) => id === pending.id || id === garbage.id);
    expect(untouched.map(({ fault, isVerified }) => [fault, isVerified])).toEqual([
      [null, false],
      [null, false],
    ]);
    expect(await monitoring.metricsOf('verify-blobs', exit)).toMatchObject({
      ...{
        batch_last_run_bytes: 30 * 16 + large.content.length,
        batch_last_success_timestamp_seconds: expect.any(Number),
      },
      'batch_last_run_processed_items{outcome="intact"}': 32,
      'batch_last_run_processed_items{outcome="missing"}': 1,
      'batch_last_run_processed_items{outcome="wrong-content"}': 1,
      'batch_last_run_processed_items{outcome="wrong-size"}': 1,
      'stowage_verify_blobs_quarantined_blobs{fault="missing"}': 1,
      'stowage_verify_blobs_quarantined_blobs{fault="wrong-content"}': 1,
      'stowage_verify_blobs_quarantined_blobs{fault="wrong-size"}': 1,
      stowage_verify_blobs_longest_unverified_seconds: expect.any(Number),
    });
  });

  it('0: lets a blob out of quarantine once its bytes are back', async () => {
    const [blob] = await givenBlobs(stores, 1);
    if (blob === undefined) throw new Error('one blob is given');
    await stores.blobs.deleteMany([blob.id]);
    expect((await runWorkerProcess(stores, args, { env: now })).code).toBe(4);
    const still = await runWorkerProcess(stores, args);
    expect([still.code, resultOf(still)]).toEqual([4, expect.objectContaining({ counts: { quarantined: 1 } })]);
    await putBytes(stores.blobs, blob.id, blob.content);
    const repaired = await runWorkerProcess(stores, args);
    expect([repaired.code, resultOf(repaired)]).toEqual([0, expect.objectContaining({ counts: { repaired: 1 } })]);
    expect(await quarantined(stores)).toEqual({});
  });

  it('shares the work between shards that run at the same time', async () => {
    const given = await givenBlobs(stores, 60);
    const lost = spread(given, 3);
    await stores.blobs.deleteMany(idsOf(lost));
    const exits = await Promise.all(
      ['0/2', '1/2'].map((shard) => runWorkerProcess(stores, [...args, '--shard', shard], { env: now })),
    );
    expect(exits.every(({ code }) => code === 0 || code === 4)).toBe(true);
    expect(await countedBy(stores, 'verify-blobs')).toEqual({ intact: 57, missing: 3 });
    expect((await quarantined(stores)).missing).toEqual(idsOf(lost));
  });
});

describe('verify-blobs', () => {
  beforeEach(async () => {
    stores = await givenStores('files');
  });

  it('1: the store cannot be reached, which says nothing of any blob', async () => {
    await using s3 = await givenStores('s3');
    await givenBlobs(s3, 3);
    const { port } = new URL(requiredService('TEST_S3_URL'));
    const closed = { ...now, S3_ENDPOINT: `http://127.0.0.1:${port === '9' ? '10' : '9'}` };
    const exit = await runWorkerProcess(s3, args, { env: closed });
    expect(exit.code).toBe(1);
    expect(resultOf(exit)).toMatchObject({ error: expect.stringMatching(/^BlobStoreUnavailableError: /), counts: {} });
    expect(await quarantined(s3)).toEqual({});
  });

  it('1: an empty directory in place of the store, as when a volume is not mounted', async () => {
    await givenBlobs(stores, 30);
    await using empty = await givenStores('files');
    const exit = await runWorkerProcess(stores, args, { env: { ...now, ...pick(empty.env, 'BLOB_DIRECTORY') } });
    expect(exit.code).toBe(1);
    expect(resultOf(exit)).toMatchObject({ error: expect.stringMatching(/^TooManyFindingsError: 30 of 30 blobs/) });
    expect(await quarantined(stores)).toEqual({});
  });

  it('0: ends within a blob on SIGTERM, and the next run goes on', async () => {
    await givenBlobs(stores, 150);
    await givenBlob(stores, { content: randomBytes(4 * 1024 * 1024) });
    const slow = { ...now, VERIFY_BYTES_PER_SECOND: '1024' };
    await using worker = spawnWorker(stores, args, { env: slow });
    await worker.logged('job run started');
    await untilVerified(100);
    const exit = await worker.kill('SIGTERM');
    expect({ code: exit.code, signal: exit.signal }).toEqual({ code: 0, signal: null });
    const stopped = resultOf(exit) as { readonly counts: { readonly intact: number } };
    expect(stopped).toMatchObject({ outcome: 'stopped', complete: false });
    // Some of the next ones may have been read before the signal came; the large one cannot have been.
    const { intact } = stopped.counts;
    expect(intact).toBeGreaterThanOrEqual(100);
    expect(intact).toBeLessThan(151);
    const next = await runWorkerProcess(stores, args, { env: now });
    expect(resultOf(next)).toMatchObject({ resumed: true, complete: true, counts: { intact: 151 - intact } });
  });

  it('is gone on with after 100 kills, and counts nothing twice', async () => {
    const given = await givenBlobs(stores, 8000, { hoursAgo: 1000 });
    const faulty = spread(given, 90);
    const [flip, cut, lose] = [0, 1, 2].map((kind) => faulty.filter((_, index) => index % 3 === kind));
    for (const { id, content } of flip ?? []) await putBytes(stores.blobs, id, flipped(content));
    for (const { id } of cut ?? []) await putBytes(stores.blobs, id, Buffer.alloc(3));
    await stores.blobs.deleteMany(idsOf(lose ?? []));

    const { killed, last } = await killRuns(stores, args, { withinOperations: 200 });

    expect([killed, last.code]).toEqual([100, 4]);
    const { quarantined: _again, ...counts } = await countedBy(stores, 'verify-blobs');
    expect(counts).toEqual({ intact: 7910, 'wrong-content': 30, 'wrong-size': 30, missing: 30 });
    expect(await quarantined(stores)).toEqual({
      ...{ 'wrong-content': idsOf(flip ?? []), 'wrong-size': idsOf(cut ?? []), missing: idsOf(lose ?? []) },
    });
    const verified = (await blobStates(stores)).filter(({ isVerified }) => isVerified);
    expect(verified).toHaveLength(7910);
  });

  async function untilVerified(count: number): Promise<void> {
    for (;;) {
      const row = await stores.db.row<{ verified: number }>(
        sql('test_count_verified')`select count(*) as verified from blobs where verified_at is not null`,
      );
      if ((row?.verified ?? 0) >= count) return;
    }
  }
});

function pick(env: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return { [name]: env[name] ?? '' };
}
