import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { countRows, givenEnded, listFaults } from './given-trash.ts';
import {
  blobStoreKinds,
  givenBlob,
  givenBucket,
  givenDeletion,
  givenStores,
  givenVersion,
  storedKeys,
  type Environment,
  type Stores,
} from './given.ts';
import { givenMonitoring } from './monitoring.ts';
import { runWorkerProcess, type WorkerExit } from './spawn-worker.ts';

const hourMs = 3_600_000;
const inAnHour = (): Date => new Date(Date.now() + hourMs);
const noGrace = { GARBAGE_GRACE_HOURS: '0' };

describe.each(blobStoreKinds)('with blobs in %s', (kind) => {
  let stores: Stores;
  beforeEach(async () => {
    stores = await givenStores(kind);
  });
  afterEach(async () => {
    await stores[Symbol.asyncDispose]();
  });

  async function run(job: string, args: readonly string[] = [], env: Environment = {}): Promise<WorkerExit> {
    return runWorkerProcess(stores, [job, '--json', ...args], { env });
  }

  async function collect(args: readonly string[] = [], env: Environment = {}): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await run('collect-garbage', args, env);
    if (code !== 0) throw new Error(`exit code ${String(code)}: ${stderr}`);
    return JSON.parse(stdout);
  }

  async function blobStates(): Promise<Readonly<Record<string, string>>> {
    const rows = await stores.db.rows<{ id: string; state: string }>(
      sql('test_blob_states')`select id, state from blobs`,
    );
    return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
  }

  it('deletes garbage past its grace, bytes and row, and nothing else', async () => {
    const due = await givenBlob(stores, { state: 'garbage' });
    const withoutBytes = await givenBlob(stores, { state: 'garbage', content: undefined });
    const young = await givenBlob(stores, { state: 'garbage', deleteAfter: inAnHour() });
    const arriving = await givenBlob(stores, { state: 'pending', deleteAfter: inAnHour() });
    const { blobId: live } = await givenVersion(stores, { bucketId: await givenBucket(stores) });
    const result = await collect();
    expect(result).toMatchObject({ complete: true, faults: 0, counts: { deleted: 2 } });
    expect(result.bytes).toBeGreaterThanOrEqual(due.content.length);
    expect(await blobStates()).toEqual({ [young.id]: 'garbage', [arriving.id]: 'pending', [live]: 'live' });
    expect(await storedKeys(stores)).toEqual([young.id, arriving.id, live].sort());
    expect(await blobStates()).not.toHaveProperty(withoutBytes.id);
  });

  it('gives up uploads past their deadline, and deletes them after the grace', async () => {
    const { id } = await givenBlob(stores, { state: 'pending' });
    expect(await collect()).toMatchObject({ counts: { 'given-up': 1 } });
    expect(await blobStates()).toEqual({ [id]: 'garbage' });
    expect(await storedKeys(stores)).toEqual([id]);
    // As if a day had passed.
    await stores.db.execute(sql('test_day_passed')`update blobs set delete_after = delete_after - interval '1 day'`);
    expect(await collect()).toMatchObject({ counts: { deleted: 1 } });
    expect([await blobStates(), await storedKeys(stores)]).toEqual([{}, []]);
  });

  it('frees in one run all that expired, when there is no grace, in shards too', async () => {
    const bucketId = await givenBucket(stores, { retentionDays: 1 });
    for (let index = 0; index < 20; index += 1) {
      const version = await givenVersion(stores, { bucketId });
      await givenDeletion(stores, { bucketId, key: version.key });
      await givenEnded(stores, version.id, 2);
      await givenBlob(stores, { state: 'pending' });
    }
    const kept = await givenVersion(stores, { bucketId });
    expect((await run('expire-objects', [], noGrace)).code).toBe(0);
    const results = await Promise.all(['0/2', '1/2'].map((shard) => collect(['--shard', shard], noGrace)));
    const counts = results.map((result) => result.counts as Record<string, number>);
    const sumOf = (outcome: string): number => counts.reduce((sum, count) => sum + (count[outcome] ?? 0), 0);
    expect([sumOf('given-up'), sumOf('deleted')]).toEqual([20, 40]);
    expect([await blobStates(), await storedKeys(stores)]).toEqual([{ [kept.blobId]: 'live' }, [kept.blobId]]);
    expect(await listFaults(stores)).toEqual([]);
  });

  it('counts and changes nothing in a dry run', async () => {
    await givenBlob(stores, { state: 'pending' });
    const { content } = await givenBlob(stores, { state: 'garbage' });
    await stores.blobs.createMultipart(randomUUID());
    const before = [await countRows(stores), await storedKeys(stores)];
    expect(await collect(['--dry-run'], { ABANDONED_UPLOAD_HOURS: '1' })).toMatchObject({
      ...{ counts: { 'given-up': 1, deleted: 1 }, bytes: content.length },
    });
    expect([await countRows(stores), await storedKeys(stores)]).toEqual(before);
  });

  it('4: leaves garbage alone that a version refers to, and says so', async () => {
    const version = await givenVersion(stores, { bucketId: await givenBucket(stores) });
    await stores.db.execute(sql('given_damage')`update blobs set state = 'garbage', delete_after = now()`);
    const other = await givenBlob(stores, { state: 'garbage' });
    const { code, stdout, stderr } = await run('collect-garbage');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ complete: true, faults: 1, counts: { deleted: 1 } });
    expect(stderr).toContain('versions refer to garbage: left alone');
    expect(await storedKeys(stores)).toEqual([version.blobId]);
    expect(await blobStates()).not.toHaveProperty(other.id);
  });

  it('tells Prometheus what it did', async () => {
    await using monitoring = await givenMonitoring();
    const { content } = await givenBlob(stores, { state: 'garbage' });
    await givenBlob(stores, { state: 'garbage', deleteAfter: inAnHour() });
    await givenBlob(stores, { state: 'pending' });
    const first = await run('collect-garbage', [], monitoring.env);
    expect(first.code).toBe(0);
    const series = await monitoring.metricsOf('collect-garbage', first);
    expect(series).toMatchObject({
      'batch_last_run_processed_items{outcome="given-up"}': 1,
      'batch_last_run_processed_items{outcome="deleted"}': 1,
      batch_last_run_bytes: content.length,
      batch_last_duration_seconds: expect.any(Number),
      stowage_collect_garbage_abandoned_uploads: 0,
      stowage_collect_garbage_referenced_blobs: 0,
      stowage_collect_garbage_backlog_seconds: 0,
    });
    expect(series.batch_last_success_timestamp_seconds).toBe(series.batch_last_run_timestamp_seconds);
    expect(await storedKeys(stores)).toHaveLength(2);

    // A run that finds nothing replaces all of it.
    const second = await run('collect-garbage', [], monitoring.env);
    expect(await monitoring.metricsOf('collect-garbage', second)).toMatchObject({
      'batch_last_run_processed_items{outcome="given-up"}': 0,
      'batch_last_run_processed_items{outcome="deleted"}': 0,
      batch_last_run_bytes: 0,
    });
  });
});

it.each([[[]], [['--dry-run']]])(
  'refuses a directory that holds no store, and leaves rows and directory alone: %j',
  async (args) => {
    await using stores = await givenStores('files');
    await givenBlob(stores, { state: 'garbage' });
    const directory = await mkdtemp(join(tmpdir(), 'stowage-unmounted-'));
    const exit = await runWorkerProcess(stores, ['collect-garbage', ...args], { env: { BLOB_DIRECTORY: directory } });
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining(`${directory} holds no blob store`) });
    expect(await readdir(directory)).toEqual([]);
    expect(await countRows(stores)).toMatchObject({ garbage: 1 });
    await rm(directory, { recursive: true });
  },
);
