import { open, rm, type FileHandle } from 'node:fs/promises';

import type { Extent } from './multipart-log.ts';

const COPY_BYTES = 1024 * 1024;

/** Copies the extents of one file, in the order given, into a new file; durable when it resolves. */
export async function joinExtents(
  extents: readonly Extent[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  try {
    await using source = await open(from, 'r');
    await using target = await open(to, 'wx');
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    for (const extent of extents) await copyExtent(extent, { source, target, buffer });
    await target.datasync();
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

interface Copying {
  readonly source: FileHandle;
  readonly target: FileHandle;
  readonly buffer: Buffer;
}

async function copyExtent({ offset, sizeBytes }: Extent, { source, target, buffer }: Copying): Promise<void> {
  for (let done = 0; done < sizeBytes;) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, sizeBytes - done), offset + done);
    if (bytesRead === 0) throw new Error('The data file of the upload is shorter than its log says.');
    await target.appendFile(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
}
