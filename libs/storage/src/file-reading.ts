import { closeSync, createReadStream, fstatSync, openSync, read, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

import { clampRange } from './blob-range.ts';
import type { BlobRange, GetBlobOptions } from './blob-store.ts';
import { markAsOwnChunks } from './chunk-memory.ts';
import { destroyOnAbort } from './destroy-on-abort.ts';
import { WholeBlob } from './whole-blob.ts';

/** As much is read at once; also the size up to which a blob is read before its stream is handed out. */
const READ_BYTES = 256 * 1024;
/** Up to this size a read is not worth its way through the thread pool. */
const SYNCHRONOUS_BYTES = 64 * 1024;

// Bare descriptors: a FileHandle costs more than the calls it makes.
const readFile = promisify(read);

/**
 * Opens a file for reading. Rejects with the error of the system call, or `BlobRangeError`.
 *
 * A trip through the thread pool costs several times what opening a file or reading 64 KiB of it does once it is in memory,
 * so these are done at once, as nginx does without its `aio`. The price: while a cold one comes from the disk the process
 * waits. Keep blobs on a local disk.
 */
export async function openFileStream(file: string, { range, signal }: GetBlobOptions): Promise<Readable> {
  signal?.throwIfAborted();
  const descriptor = openSync(file, 'r');
  let stream: Readable;
  try {
    const { size } = fstatSync(descriptor);
    stream = await toStream(descriptor, clampRange(range, size));
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return destroyOnAbort(stream, signal);
}

/** Takes the descriptor over, unless it rejects. */
async function toStream(descriptor: number, { start, end }: BlobRange): Promise<Readable> {
  const length = end - start + 1;
  if (length > READ_BYTES) {
    const options = { fd: descriptor, start, end, highWaterMark: READ_BYTES };
    return markAsOwnChunks(createReadStream('', options));
  }
  // One read beats a stream that reads, and leaves no descriptor with a slow client.
  const buffer = Buffer.allocUnsafe(length);
  const bytesRead =
    length <= SYNCHRONOUS_BYTES
      ? readSync(descriptor, buffer, 0, length, start)
      : (await readFile(descriptor, buffer, 0, length, start)).bytesRead;
  if (bytesRead < length) throw new Error('The blob is shorter than its file was a moment ago.');
  closeSync(descriptor);
  return new WholeBlob(buffer);
}
