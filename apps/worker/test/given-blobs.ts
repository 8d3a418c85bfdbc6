import { randomBytes, randomUUID } from 'node:crypto';
import { sql, type Db } from '@stowage/db';
import type { BlobStore } from '@stowage/storage';
import { sha256, type GivenBlob } from './given.ts';

const putsAtOnce = 32;
const rowsAtOnce = 5000;

export interface ManyBlobsFields {
  /** How long ago they were stored, as their rows say. @default 0 */
  readonly hoursAgo?: number;
}

interface BlobsPlace {
  readonly db: Db;
  readonly blobs: BlobStore;
}

/** Many live blobs of 16 bytes: bytes and rows, with ids as the API makes them. */
export async function givenBlobs(
  { db, blobs }: BlobsPlace,
  count: number,
  { hoursAgo = 0 }: ManyBlobsFields = {},
): Promise<readonly GivenBlob[]> {
  const given = Array.from({ length: count }, () => ({ id: randomUUID(), content: randomBytes(16) }));
  await eachAtOnce(given, ({ id, content }) => putBytes(blobs, id, content));
  for (let start = 0; start < count; start += rowsAtOnce) {
    const rows = given.slice(start, start + rowsAtOnce);
    await db.execute(sql('given_many_blobs')`
      insert into blobs (id, state, size_bytes, sha256, created_at)
      select id, 'live', 16, sha256, now() - make_interval(hours => ${hoursAgo})
      from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ content }) => sha256(content))}::bytea[]) as b (id, sha256)`);
  }
  return given;
}

/** Bytes that no row explains; their keys. */
export async function givenOrphans({ blobs }: BlobsPlace, count: number): Promise<readonly string[]> {
  const keys = Array.from({ length: count }, () => randomUUID());
  await eachAtOnce(keys, (key) => putBytes(blobs, key, randomBytes(16)));
  return keys;
}

/** Writes bytes under a key, whatever is there. */
export async function putBytes(blobs: BlobStore, key: string, content: Buffer): Promise<void> {
  await blobs.put(key, chunksOf(content), { sizeBytes: content.length });
}

/** Some of them, evenly spread. */
export function spread<T>(items: readonly T[], count: number): readonly T[] {
  return items.filter(
    (_, index) => Math.floor((index * count) / items.length) < Math.floor(((index + 1) * count) / items.length),
  );
}

async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: putsAtOnce }, worker));
}

async function* chunksOf(content: Buffer): AsyncGenerator<Uint8Array> {
  yield content;
}
