import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { FileLayout } from './file-layout.ts';
import { hasErrorCode } from './translate-file-error.ts';

/** Removes incoming bodies and multipart uploads last written to before a time, in ms since the epoch. */
export async function removeAbandonedEntries(layout: FileLayout, beforeMs: number): Promise<number> {
  let removed = 0;
  for (const name of await readdir(layout.incoming)) {
    const file = join(layout.incoming, name);
    if (await isUntouchedSince(beforeMs, [file])) removed += await remove(file);
  }
  for (const name of await readdir(layout.multipart)) {
    const directory = join(layout.multipart, name);
    const files = [directory, join(directory, 'log'), join(directory, 'data')];
    if (await isUntouchedSince(beforeMs, files)) removed += await remove(directory);
  }
  return removed;
}

async function isUntouchedSince(timeMs: number, files: readonly string[]): Promise<boolean> {
  for (const file of files) {
    try {
      if ((await stat(file)).mtimeMs >= timeMs) return false;
    } catch (error) {
      if (!hasErrorCode(error, 'ENOENT')) throw error;
    }
  }
  return true;
}

async function remove(path: string): Promise<number> {
  await rm(path, { recursive: true, force: true });
  return 1;
}
