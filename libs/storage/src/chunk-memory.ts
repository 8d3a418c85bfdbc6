import type { Readable } from 'node:stream';
import { isArrayBuffer } from 'node:util/types';

const streamsOfOwnChunks = new WeakSet<Readable>();

/**
 * Gives the memory of a chunk back at once; the chunk is empty afterwards. V8 collects only after 64 MiB of dead
 * buffers, which a single large transfer reaches and keeps at. A view of a part of its memory is left alone: others
 * may see the rest.
 */
export function releaseChunk(chunk: Uint8Array): void {
  const { buffer } = chunk;
  if (isArrayBuffer(buffer) && chunk.byteLength === buffer.byteLength) buffer.transfer(0);
}

/** Says that nobody but the reader of this stream knows its chunks. */
export function markAsOwnChunks<T extends Readable>(stream: T): T {
  streamsOfOwnChunks.add(stream);
  return stream;
}

export function hasOwnChunks(stream: Readable): boolean {
  return streamsOfOwnChunks.has(stream);
}
