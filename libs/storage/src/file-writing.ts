import { write, writev } from 'node:fs';
import { promisify } from 'node:util';

import type { BodyReader } from './body-reader.ts';
import { releaseChunk } from './chunk-memory.ts';

const writeChunks = promisify(writev);
const writeBytes = promisify(write);

/** Chunks are gathered up to this much, so that a large body costs few system calls. */
const GATHER_BYTES = 1024 * 1024;

/**
 * Writes a body to an open file from a position on, at most one write at a time and while the next bytes come in.
 *
 * @returns the number of bytes written
 */
export async function writeBody(
  descriptor: number,
  reader: BodyReader,
  { position = 0, takesChunks = false }: { readonly position?: number; readonly takesChunks?: boolean } = {},
): Promise<number> {
  let written = position;
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  let writing: Promise<void> | undefined;
  try {
    for (;;) {
      const chunk = await reader.next();
      if (chunk !== undefined) {
        gathered.push(chunk);
        gatheredBytes += chunk.byteLength;
        if (gatheredBytes < GATHER_BYTES) continue;
      }
      await writing;
      if (gatheredBytes > 0) writing = writeAll(descriptor, gathered, { position: written, takesChunks });
      // The write is awaited in the next round; a failure meanwhile must not count as unhandled.
      writing?.catch(() => undefined);
      written += gatheredBytes;
      gathered = [];
      gatheredBytes = 0;
      if (chunk === undefined) return written - position;
    }
  } finally {
    await writing;
  }
}

async function writeAll(
  descriptor: number,
  chunks: readonly Uint8Array[],
  { position, takesChunks }: { readonly position: number; readonly takesChunks: boolean },
): Promise<void> {
  await writeFully(descriptor, chunks, position);
  if (takesChunks) chunks.forEach(releaseChunk);
}

async function writeFully(descriptor: number, chunks: readonly Uint8Array[], position: number): Promise<void> {
  const { bytesWritten } = await writeChunks(descriptor, chunks, position);
  const size = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  if (bytesWritten === size) return;
  // One call may take less than it was given, for instance where a disk fills up.
  const bytes = Buffer.concat(chunks);
  for (let done = bytesWritten; done < size;) {
    const written = await writeBytes(descriptor, bytes, done, size - done, position + done);
    done += written.bytesWritten;
  }
}
