import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** A blob that is in memory already: a stream like any other, and `readBlob` takes its content without streaming. */
export class WholeBlob extends Readable {
  readonly content: Buffer;

  constructor(content: Buffer) {
    super();
    this.content = content;
  }

  override _read(): void {
    this.push(this.content);
    this.push(null);
  }
}

/**
 * All bytes of what `BlobStore.get` returned, in memory: for blobs that are known to be small. Streaming one costs several
 * times as much. Rejects as the stream fails.
 */
export async function readBlob(blob: Readable): Promise<Buffer> {
  return blob instanceof WholeBlob ? blob.content : buffer(blob);
}
