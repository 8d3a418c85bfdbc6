import { readdir, stat } from 'node:fs/promises';

import { isBlobKey } from './blob-key.ts';
import type { ListBlobsOptions, ListedBlob } from './blob-store.ts';
import type { FileLayout } from './file-layout.ts';
import { hasErrorCode } from './translate-file-error.ts';

/** Keys held at a time, some 5 MB. Directories are gone through once for each so many keys. */
const WINDOW_KEYS = 50_000;
const READS_AT_ONCE = 16;

/**
 * Lists in byte order, although the shards are in none: each pass over the directories keeps the smallest keys after
 * the last one listed, so that memory stays the same however many there are.
 */
export async function* listFiles(
  layout: FileLayout,
  { prefix = '', startAfter = '' }: ListBlobsOptions,
  windowKeys = WINDOW_KEYS,
): AsyncGenerator<ListedBlob> {
  for (let after = startAfter; ;) {
    const keys = await smallestKeys(layout, { prefix, after, count: windowKeys });
    for (let start = 0; start < keys.length; start += READS_AT_ONCE) {
      const blobs = await Promise.all(keys.slice(start, start + READS_AT_ONCE).map((key) => describe(layout, key)));
      yield* blobs.filter((blob) => blob !== undefined);
    }
    const last = keys.at(-1);
    if (last === undefined || keys.length < windowKeys) return;
    after = last;
  }
}

interface KeyWindow {
  readonly prefix: string;
  readonly after: string;
  readonly count: number;
}

/** Keys are ASCII, so that comparing code units is comparing bytes. */
async function smallestKeys(layout: FileLayout, { prefix, after, count }: KeyWindow): Promise<string[]> {
  const kept: string[] = [];
  let bound: string | undefined;
  const cut = (): void => {
    kept.sort(compare);
    if (kept.length < count) return;
    kept.length = count;
    bound = kept.at(-1);
  };
  for await (const names of readLeaves(layout)) {
    for (const name of names) {
      const key = layout.keyOf(name);
      if (key <= after || !key.startsWith(prefix) || (bound !== undefined && key > bound) || !isBlobKey(key)) continue;
      kept.push(key);
      // Sorting only when twice as many came keeps the cost of a pass at n log n.
      if (kept.length >= 2 * count) cut();
    }
  }
  cut();
  return kept;
}

async function* readLeaves(layout: FileLayout): AsyncGenerator<string[]> {
  const leaves = [...layout.leaves()];
  for (let start = 0; start < leaves.length; start += READS_AT_ONCE)
    yield (await Promise.all(leaves.slice(start, start + READS_AT_ONCE).map((leaf) => readdir(leaf)))).flat();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Undefined for a blob deleted meanwhile. */
async function describe(layout: FileLayout, key: string): Promise<ListedBlob | undefined> {
  try {
    const { size, mtime } = await stat(layout.locate(key).file);
    return { key, sizeBytes: size, modifiedAt: mtime };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
