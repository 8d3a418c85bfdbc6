import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { BlobStoreUnavailableError, type BlobStore } from '@stowage/storage';
import { MemoryBlobStore } from '@stowage/storage/testing';
import { v7 as newId } from 'uuid';
import { MemoryJobRun, noTransaction } from '../memory-job-run.ts';
import { BlobInspector } from './blob-inspector.ts';
import { ByteRate } from './byte-rate.ts';
import { MemoryVerifyBlobsRepository, type MemoryBlobRow } from './memory-verify-blobs-repository.ts';
import { VerifyBlobsJob } from './verify-blobs-job.ts';

const hourMs = 3_600_000;

class Installation {
  time = Date.parse('2026-01-10T00:00:00Z');
  readonly store = new MemoryBlobStore();
  readonly repository = new MemoryVerifyBlobsRepository({ now: () => new Date(this.time), tx: noTransaction });

  job(blobs: BlobStore = this.store, verifyAfterMs = 10 * hourMs): VerifyBlobsJob {
    const rate = new ByteRate({ bytesPerSecond: 1e9, now: () => 0, sleep: async () => undefined });
    const inspector = new BlobInspector({ blobs, rate });
    return new VerifyBlobsJob({
      repository: this.repository,
      store: blobs,
      inspector,
      verifyAfterMs,
      mostFindings: 0.1,
    });
  }

  /** A blob that was stored so many hours ago; its id. */
  async givenBlob(hoursAgo: number, content = randomBytes(10)): Promise<string> {
    const id = newId();
    await this.write(id, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const row = {
      id,
      sizeBytes: content.length,
      sha256,
      live: true,
      createdAt: new Date(this.time - hoursAgo * hourMs),
    };
    this.repository.rows.set(id, { ...row, verifiedAt: undefined, quarantinedAt: undefined, fault: undefined });
    return id;
  }

  async write(id: string, content: Buffer): Promise<void> {
    await this.store.put(id, Readable.from([content]));
  }

  row(id: string): MemoryBlobRow | undefined {
    return this.repository.rows.get(id);
  }
}

describe('VerifyBlobsJob', () => {
  it('puts damaged blobs into quarantine, and good ones to the end of the ring', async () => {
    const installation = new Installation();
    const good = await installation.givenBlob(20);
    const flipped = await installation.givenBlob(21);
    const short = await installation.givenBlob(22);
    const missing = await installation.givenBlob(23);
    const young = await installation.givenBlob(1);
    await installation.write(flipped, randomBytes(10));
    await installation.write(short, randomBytes(9));
    await installation.store.deleteMany([missing]);
    const run = new MemoryJobRun();
    expect(await installation.job().run(run)).toEqual({ complete: true, faults: 3 });
    expect(run.counts).toEqual({ intact: 1, 'wrong-content': 1, 'wrong-size': 1, missing: 1 });
    expect(run.steps.map(({ bytes }) => bytes)).toEqual([10]);
    expect(run.total).toBe(4);
    const faults = [good, flipped, short, missing, young].map((id) => installation.row(id)?.fault);
    expect(faults).toEqual([undefined, 'wrong-content', 'wrong-size', 'missing', undefined]);
    const now = new Date(installation.time);
    expect([good, flipped, young].map((id) => installation.row(id)?.verifiedAt)).toEqual([now, undefined, undefined]);
    const metrics = await run.registry.metrics();
    expect(metrics).toContain('stowage_verify_blobs_quarantined_blobs{fault="missing"} 1');
    expect(metrics).toContain('stowage_verify_blobs_longest_unverified_seconds 3600');
  });

  it('looks at quarantine in every run, and lets out what was repaired', async () => {
    const installation = new Installation();
    const content = randomBytes(10);
    const repaired = await installation.givenBlob(20, content);
    const lost = await installation.givenBlob(20);
    await installation.store.deleteMany([repaired, lost]);
    await installation.job().run(new MemoryJobRun());
    await installation.write(repaired, content);
    const run = new MemoryJobRun();
    expect(await installation.job().run(run)).toEqual({ complete: true, faults: 1 });
    expect(run.counts).toEqual({ repaired: 1, quarantined: 1 });
    expect(installation.row(repaired)?.fault).toBeUndefined();
    expect(installation.row(lost)?.fault).toBe('missing');
  });

  it('verifies nothing twice within its time', async () => {
    const installation = new Installation();
    await installation.givenBlob(20);
    await installation.job().run(new MemoryJobRun());
    installation.time += 9 * hourMs;
    const early = new MemoryJobRun();
    await installation.job().run(early);
    expect(early.counts).toEqual({});
    installation.time += 2 * hourMs;
    const later = new MemoryJobRun();
    await installation.job().run(later);
    expect(later.counts).toEqual({ intact: 1 });
  });

  it('goes on from the checkpoint of a killed run, and sees each blob once though all are due for ever', async () => {
    const installation = new Installation();
    for (let hours = 1; hours <= 250; hours += 1) await installation.givenBlob(hours);
    const first = new MemoryJobRun({ limit: 150 });
    expect(await installation.job(undefined, 0).run(first)).toEqual({ complete: false, faults: 0 });
    const second = new MemoryJobRun({ checkpoint: first.checkpoint });
    expect(await installation.job(undefined, 0).run(second)).toEqual({ complete: true, faults: 0 });
    expect([first.counts, second.counts]).toEqual([{ intact: 150 }, { intact: 100 }]);
  });

  it.each([
    [
      'is a day old',
      { startedAt: '2026-01-09T00:00:00Z', after: { turn: 'Infinity', id: '' }, faults: 0, read: 0, damaged: 0 },
    ],
    ['has another shape', { cursor: 7 }],
  ])('begins anew when the checkpoint %s', async (_, checkpoint) => {
    const installation = new Installation();
    await installation.givenBlob(20);
    const run = new MemoryJobRun({ checkpoint });
    await installation.job().run(run);
    expect(run.counts).toEqual({ intact: 1 });
  });

  it('shares the ring between shards', async () => {
    const installation = new Installation();
    for (let blobs = 0; blobs < 60; blobs += 1) await installation.givenBlob(20);
    const counts = [];
    for (const index of [0, 1, 2]) {
      const run = new MemoryJobRun({ shard: { index, count: 3 } });
      await installation.job().run(run);
      counts.push(run.counts.intact ?? 0);
    }
    expect(counts.reduce((sum, count) => sum + count)).toBe(60);
    expect([...installation.repository.rows.values()].every(({ verifiedAt }) => verifiedAt !== undefined)).toBe(true);
  });

  it('changes nothing in a dry run', async () => {
    const installation = new Installation();
    const missing = await installation.givenBlob(20);
    await installation.store.deleteMany([missing]);
    const run = new MemoryJobRun({ dryRun: true });
    expect(await installation.job().run(run)).toEqual({ complete: true, faults: 1 });
    expect(run.counts).toEqual({ missing: 1 });
    expect(installation.row(missing)?.fault).toBeUndefined();
  });

  it('passes over a blob that cannot be read while others can', async () => {
    const installation = new Installation();
    const unreadable = await installation.givenBlob(30);
    const good = await installation.givenBlob(20);
    const run = new MemoryJobRun();
    expect(await installation.job(failing(installation.store, { get: [unreadable] })).run(run)).toMatchObject({
      faults: 0,
    });
    expect(run.counts).toEqual({ intact: 1, unreadable: 1 });
    expect(installation.row(unreadable)).toMatchObject({ fault: undefined, verifiedAt: undefined });
    expect(installation.row(good)?.verifiedAt).toBeDefined();
  });

  it('fails when the store is away, and says nothing of any blob', async () => {
    const installation = new Installation();
    const ids = [await installation.givenBlob(30), await installation.givenBlob(20)];
    const run = new MemoryJobRun();
    const away = failing(installation.store, { get: ids, check: true });
    await expect(installation.job(away).run(run)).rejects.toThrow('away');
    expect(run.counts).toEqual({});
    expect(ids.map((id) => installation.row(id)?.fault)).toEqual([undefined, undefined]);
  });

  it('fails before it believes that most of the store is lost', async () => {
    const installation = new Installation();
    const ids = [];
    for (let blobs = 0; blobs < 30; blobs += 1) ids.push(await installation.givenBlob(20));
    const empty = new MemoryBlobStore();
    await expect(installation.job(empty).run(new MemoryJobRun())).rejects.toThrow('30 of 30 blobs are damaged');
    expect(ids.map((id) => installation.row(id)?.fault)).toEqual(ids.map(() => undefined));
  });

  it('settles what it has found when it has to stop, and goes on with the rest', async () => {
    const installation = new Installation();
    const [first, slow, second, last] = [40, 30, 20, 10].map((hours) => installation.givenBlob(hours));
    await installation.store.deleteMany([(await first) ?? '', (await second) ?? '']);
    const stop = new AbortController();
    const stopped = new MemoryJobRun({ signal: stop.signal });
    const blobs = stopping(installation.store, stop, { slow: (await slow) ?? '', last: (await last) ?? '' });
    expect(await installation.job(blobs, 0).run(stopped)).toEqual({ complete: false, faults: 2 });
    expect(stopped.counts).toEqual({ missing: 2 });
    expect(await stopped.registry.metrics()).toContain('stowage_verify_blobs_quarantined_blobs{fault="missing"} 2');
    const rest = new MemoryJobRun({ checkpoint: stopped.checkpoint });
    expect(await installation.job(undefined, 0).run(rest)).toEqual({ complete: true, faults: 2 });
    expect(rest.counts).toEqual({ intact: 2 });
  });

  it('counts a blob in quarantine once though it was stopped before the turn of that blob', async () => {
    const installation = new Installation();
    const ids = [await installation.givenBlob(20), await installation.givenBlob(20), await installation.givenBlob(20)];
    await installation.store.deleteMany(ids);
    await installation.job().run(new MemoryJobRun());
    const [slow = '', , last = ''] = ids.sort();
    const stop = new AbortController();
    const stopped = new MemoryJobRun({ signal: stop.signal });
    const blobs = stopping(installation.store, stop, { slow, last });
    expect(await installation.job(blobs).run(stopped)).toEqual({ complete: false, faults: 0 });
    const rest = new MemoryJobRun({ checkpoint: stopped.checkpoint });
    expect(await installation.job().run(rest)).toEqual({ complete: true, faults: 3 });
    expect([stopped.counts, rest.counts]).toEqual([{}, { quarantined: 3 }]);
  });

  it('says nothing of a blob that went while it was read', async () => {
    const installation = new Installation();
    const id = await installation.givenBlob(20);
    await installation.store.deleteMany([id]);
    const { repository, store } = installation;
    const get = store.get.bind(store);
    store.get = async (key) => {
      repository.rows.delete(id);
      return get(key);
    };
    const run = new MemoryJobRun();
    expect(await installation.job().run(run)).toEqual({ complete: true, faults: 0 });
    expect(run.counts).toEqual({ gone: 1 });
  });
});

/** The store, which reads one blob until it is told to stop, and stops the run when it comes to another. */
function stopping(store: BlobStore, stop: AbortController, { slow, last }: { slow: string; last: string }): BlobStore {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'get') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async (key: string) => {
        if (key === slow) await once(stop.signal, 'abort');
        if (key === last) await setImmediate().then(() => stop.abort());
        stop.signal.throwIfAborted();
        return target.get(key);
      };
    },
  });
}

/** The store with some of its answers replaced by its being away. */
function failing(
  store: BlobStore,
  { get = [], check = false }: { get?: readonly string[]; check?: boolean },
): BlobStore {
  const away = new BlobStoreUnavailableError('away');
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'check' && check) return () => Promise.reject(away);
      if (name === 'get')
        return (key: string, options: object) => (get.includes(key) ? Promise.reject(away) : target.get(key, options));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
