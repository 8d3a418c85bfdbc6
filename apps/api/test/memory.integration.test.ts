import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgDb, sql } from '@stowage/db';
import { FileBlobStore, type BlobStore } from '@stowage/storage';
import { answerOf, downloadHash, hashOf, open, uploadGenerated, type Transfer } from './generated-content.ts';
import { givenAccount, givenBucket, type Client } from './given.ts';
import { ProcessResources } from './process-resources.ts';
import { givenInstallation, givenS3Installation, spawnApi, type ApiProcess, type Installation } from './spawn-api.ts';

const mib = 1024 ** 2;
const mostGrowthBytes = 64 * mib;

interface Subject {
  readonly installation: Installation;
  readonly blobs: BlobStore;
  /** What cut uploads have left beside blobs. */
  readonly leftovers: () => Promise<readonly string[]>;
}

async function givenFiles(): Promise<Subject> {
  const installation = await givenInstallation();
  const blobs = await FileBlobStore.open({ directory: installation.blobDirectory });
  return { installation, blobs, leftovers: () => readdir(join(installation.blobDirectory, 'incoming')) };
}

async function givenS3(): Promise<Subject> {
  const installation = await givenS3Installation();
  return { installation, blobs: installation.s3.store, leftovers: () => installation.s3.openUploads() };
}

describe.each([
  { store: 'files', given: givenFiles },
  { store: 'S3', given: givenS3 },
])('memory and descriptors of the API, blobs in $store', ({ given }) => {
  let subject: Subject;
  let api: ApiProcess;
  let client: Client;
  let bucket: string;
  let resources: ProcessResources;

  beforeAll(async () => {
    subject = await given();
    api = await spawnApi(subject.installation);
    client = await givenAccount(api);
    bucket = await givenBucket(client, { retentionDays: 0 });
    resources = new ProcessResources(api.pid);
    for (let times = 0; times < 20; times += 1) {
      await uploadGenerated(at('warm-up'), mib);
      await downloadHash(at('warm-up'));
    }
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await subject.blobs.deleteMany(await blobKeys());
    await subject.installation[Symbol.asyncDispose]();
  });

  function at(key: string): Transfer {
    return { url: `${api.url}/v1/buckets/${bucket}/objects/${key}`, token: client.token };
  }

  async function blobKeys(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of subject.blobs.list()) keys.push(key);
    return keys;
  }

  /** By how much the resident memory grew at most during the work. */
  async function growthDuring(work: () => Promise<void>): Promise<number> {
    const before = await resources.residentBytes();
    await resources.resetPeak();
    await work();
    return (await resources.peakBytes()) - before;
  }

  it('1 GiB up and down has equal digests and takes 64 MiB at most', async () => {
    let digests: { sent: string; stored: string } | undefined;
    let received = '';
    const up = await growthDuring(async () => {
      digests = await uploadGenerated(at('gibibyte'), 1024 * mib);
    });
    const down = await growthDuring(async () => {
      received = await downloadHash(at('gibibyte'));
    });
    expect(digests).toEqual({ sent: received, stored: received });
    expect(up).toBeLessThanOrEqual(mostGrowthBytes);
    expect(down).toBeLessThanOrEqual(mostGrowthBytes);
  });

  it('a reader that stops in the middle holds the store back, not the bytes in memory', async () => {
    const { sent } = await uploadGenerated(at('slow'), 256 * mib);
    const get = open('GET', at('slow')).end();
    const answer = await answerOf(get);
    const growth = await growthDuring(async () => {
      await once(answer, 'readable');
      await resources.untilItStopsReading();
    });
    expect(growth).toBeLessThanOrEqual(mostGrowthBytes);
    expect(await hashOf(answer)).toBe(sent);
  });

  it('100 clients that go away while they upload leave nothing', async () => {
    const [openFiles, keys] = [await resources.openFiles(), await blobKeys()];
    await tenTimesTen(async (index) => {
      const put = open('PUT', at(`cut-${index}`), { 'content-length': 64 * mib });
      put.on('error', () => undefined); // ours, of the destruction
      await new Promise((resolve) => put.write(Buffer.alloc(20 * mib), resolve));
      put.destroy();
    });
    await until(async () => (await pendingBlobs()) === 0 && (await resources.openFiles()) < openFiles + 50);
    expect(await subject.leftovers()).toEqual([]);
    expect(await blobKeys()).toEqual(keys);
    expect((await client.call('GET', `/v1/buckets/${bucket}/objects?prefix=cut-`)).json.items).toEqual([]);
  });

  it('100 clients that go away while they download leave nothing open', async () => {
    const openFiles = await resources.openFiles();
    await tenTimesTen(async () => {
      const get = open('GET', at('warm-up')).end();
      const answer = await answerOf(get);
      await once(answer, 'readable');
      get.destroy();
    });
    await until(async () => (await resources.openFiles()) < openFiles + 50);
    expect(await downloadHash(at('warm-up'))).toHaveLength(64);
  });

  async function pendingBlobs(): Promise<number> {
    const connection = { url: subject.installation.databaseUrl };
    await using db = PgDb.open({ connection, applicationName: 'test', onPoolError: () => undefined });
    const found = await db.row<{ count: number }>(
      sql('test_pending')`select count(*) as count from blobs where state = 'pending'`,
    );
    return found?.count ?? 0;
  }
});

async function tenTimesTen(work: (index: number) => Promise<void>): Promise<void> {
  const runs = Array.from({ length: 10 }, async (_, lane) => {
    for (let times = 0; times < 10; times += 1) await work(lane * 10 + times);
  });
  await Promise.all(runs);
}

/** Asks until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(50);
}
