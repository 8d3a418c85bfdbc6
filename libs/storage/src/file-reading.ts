import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { clampRange } from './blob-range.ts';
import type { BlobRange, GetBlobOptions } from './blob-store.ts';
import { markAsOwnChunks } from './chunk-memory.ts';
import { destroyOnAbort } from './destroy-on-abort.ts';

/** As much is read at once; also the size up to which a blob is read before its stream is handed out. */
const READ_BYTES = 256 * 1024;

/** Opens a file for reading. Rejects with the error of the system call, or `BlobRangeError`. */
export async function openFileStream(file: string, { range, signal }: GetBlobOptions): Promise<Readable> {
  signal?.throwIfAborted();
  const handle = await open(file, 'r');
  let stream: Readable;
  try {
    const { size } = await handle.stat();
    stream = await toStream(handle, clampRange(range, size));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return destroyOnAbort(stream, signal);
}

async function toStream(handle: FileHandle, { start, end }: BlobRange): Promise<Readable> {
  const length = end - start + 1;
  if (length > READ_BYTES) return markAsOwnChunks(handle.createReadStream({ start, end, highWaterMark: READ_BYTES }));
  // One read beats a stream that reads, and leaves no descriptor with a slow client.
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = length > 0 ? await handle.read(buffer, 0, length, start) : { bytesRead: 0 };
  if (bytesRead < length) throw new Error('The blob is shorter than its file was a moment ago.');
  await handle.close();
  return Readable.from(length > 0 ? [buffer] : [], { objectMode: false });
}
