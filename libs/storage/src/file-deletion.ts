import { unlink } from 'node:fs/promises';

import { BlobDeletionError } from './blob-store-errors.ts';
import { type FileLayout, syncDirectory } from './file-layout.ts';
import { hasErrorCode } from './translate-file-error.ts';

/** Enough to keep a disk busy, few enough to leave descriptors and threads to others. */
const AT_ONCE = 8;

/** Unlinks blobs and flushes each directory they were in once. Rejects with `BlobDeletionError`. */
export async function deleteFiles(keys: readonly string[], layout: FileLayout): Promise<void> {
  const failed: string[] = [];
  let cause: unknown;
  const waiting = [...groupByLeaf(keys, layout)];
  const worker = async (): Promise<void> => {
    for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
      const [leaf, blobs] = group;
      const unlinked: string[] = [];
      const refuse = (error: unknown, ...refused: readonly string[]): void => {
        cause ??= error;
        failed.push(...refused);
      };
      for (const { key, file } of blobs) {
        await unlinkIfThere(file).then(
          () => unlinked.push(key),
          (error: unknown) => refuse(error, key),
        );
      }
      await syncDirectory(leaf).catch((error: unknown) => refuse(error, ...unlinked));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failed.length > 0) throw new BlobDeletionError(failed, { cause });
}

function groupByLeaf(keys: readonly string[], layout: FileLayout): Map<string, { key: string; file: string }[]> {
  const groups = new Map<string, { key: string; file: string }[]>();
  for (const key of keys) {
    const { leaf, file } = layout.locate(key);
    const group = groups.get(leaf);
    if (group === undefined) groups.set(leaf, [{ key, file }]);
    else group.push({ key, file });
  }
  return groups;
}

async function unlinkIfThere(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
}
