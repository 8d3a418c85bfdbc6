import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PgDb, sql } from '@stowage/db';
import { FileBlobStore, type BlobStore } from '@stowage/storage';
import type { Client } from './given.ts';
import type { Installation } from './spawn-api.ts';

interface VersionRow {
  readonly id: string;
  readonly blob_id: string;
  readonly size_bytes: number;
  readonly sha256: Buffer;
  readonly state: string;
}

interface BlobRow {
  readonly id: string;
  readonly state: string;
  readonly is_due: boolean;
  readonly references: number;
}

/** What the stores of an installation hold, and what is wrong with it. */
export interface StoredState {
  readonly versions: number;
  /** Blobs that arrive, or whose upload was cut: a job collects them. */
  readonly pendingBlobs: number;
  /** Bodies in the directory that were cut while they came in. */
  readonly incomingFiles: number;
  /** Each breach of I1 (a version has its blob, whole) and I2 (a blob has a reference or a deadline). */
  readonly faults: readonly string[];
}

/** Compares the rows with the directory of blobs, byte by byte. */
export async function inspectStores({ databaseUrl, blobDirectory }: Installation): Promise<StoredState> {
  await using db = PgDb.open({
    connection: { url: databaseUrl },
    applicationName: 'test',
    onPoolError: () => undefined,
  });
  const versions = await db.rows<VersionRow>(sql('test_versions')`
    select v.id, v.blob_id, v.size_bytes, v.sha256, b.state from versions v join blobs b on b.id = v.blob_id`);
  const blobs = await db.rows<BlobRow>(sql('test_blobs')`
    select b.id, b.state, coalesce(b.delete_after < now(), false) as is_due,
      (select count(*) from versions v where v.blob_id = b.id) as references
    from blobs b`);
  const store = await FileBlobStore.open({ directory: blobDirectory });
  const faults = [...(await versionFaults(versions, store)), ...(await blobFaults(blobs, store))];
  const incoming = await readdir(join(blobDirectory, 'incoming'));
  const pendingBlobs = blobs.filter(({ state }) => state === 'pending').length;
  return { versions: versions.length, pendingBlobs, incomingFiles: incoming.length, faults };
}

async function versionFaults(versions: readonly VersionRow[], store: BlobStore): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { id, blob_id: blobId, size_bytes: sizeBytes, sha256, state } of versions) {
    const found = await measure(store, blobId);
    const expected = `live, ${sizeBytes} bytes, ${sha256.toString('hex')}`;
    const actual = found === undefined ? 'missing' : `${state}, ${found.sizeBytes} bytes, ${found.sha256}`;
    if (actual !== expected) faults.push(`I1: the blob of version ${id} is ${actual} instead of ${expected}`);
  }
  return faults;
}

async function measure(store: BlobStore, blobId: string): Promise<{ sizeBytes: number; sha256: string } | undefined> {
  const info = await store.head(blobId);
  if (info === undefined) return undefined;
  const hash = createHash('sha256');
  await pipeline(await store.get(blobId), hash);
  return { sizeBytes: info.sizeBytes, sha256: hash.digest('hex') };
}

async function blobFaults(blobs: readonly BlobRow[], store: BlobStore): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { id, state, is_due: isDue, references } of blobs) {
    if ((state === 'live') !== references > 0) faults.push(`I2: blob ${id} is ${state} with ${references} references`);
    if (isDue) faults.push(`I2: blob ${id} is past its deadline`);
  }
  const known = new Set(blobs.map(({ id }) => id));
  for await (const { key } of store.list()) if (!known.has(key)) faults.push(`I2: blob ${key} has no row`);
  return faults;
}

/**
 * Reads every object of a bucket through HTTP and compares the bytes with the digest and the size answered with them.
 * @returns the SHA-256 by key
 */
export async function readAll(client: Pick<Client, 'call'>, bucket: string): Promise<Map<string, string>> {
  const answered = new Map<string, string>();
  const page = await client.call('GET', `/v1/buckets/${bucket}/objects?limit=1000`);
  if (page.json.nextCursor !== undefined) throw new RangeError('There are more objects than one page holds.');
  for (const { key } of page.json.items as { key: string }[]) {
    const { status, headers, bytes } = await client.call('GET', `/v1/buckets/${bucket}/objects/${key}`);
    const digest = createHash('sha256').update(bytes);
    const sha256 = digest.copy().digest('hex');
    const promised = [headers.get('content-length'), headers.get('repr-digest')];
    const actual = [String(bytes.length), `sha-256=:${digest.digest('base64')}:`];
    if (status !== 200 || promised.join() !== actual.join())
      throw new Error(`GET ${key} answered ${status}, promised ${promised.join()} and sent ${actual.join()}`);
    answered.set(key, sha256);
  }
  return answered;
}
