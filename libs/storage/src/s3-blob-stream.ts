import { Readable } from 'node:stream';

import { BlobStoreError } from './blob-store-errors.ts';
import { translateS3Error } from './translate-s3-error.ts';

export interface S3BlobStreamOptions {
  readonly key: string;
  readonly idleMs: number;
  /** Ends the request behind the body. */
  readonly stop: AbortController;
}

/**
 * The body of an answer: with our errors, with a limit on silence, and with its socket closed when it is destroyed
 * early, which the SDK's checksum stream does not do. The socket's own time limit would also strike when nobody
 * reads, and so end the download of a slow client.
 */
export class S3BlobStream extends Readable {
  readonly #body: Readable;
  readonly #options: S3BlobStreamOptions;
  readonly #idle: NodeJS.Timeout;
  #wanted = false;

  constructor(body: Readable, options: S3BlobStreamOptions) {
    super({ highWaterMark: 256 * 1024 });
    this.#body = body;
    this.#options = options;
    this.#idle = setTimeout(() => this.#onIdle(), options.idleMs);
    body.on('data', (chunk: Buffer) => this.#onData(chunk));
    body.on('end', () => {
      this.#wanted = false;
      this.push(null);
    });
    body.on('error', (error) => this.destroy(translateS3Error(error, options)));
    body.on('close', () => {
      if (!body.readableEnded && !this.destroyed)
        this.destroy(translateS3Error(Object.assign(new Error('closed early'), { name: 'TimeoutError' }), options));
    });
    body.pause();
  }

  override _read(): void {
    this.#wanted = true;
    this.#idle.refresh();
    this.#body.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#idle);
    if (!this.#body.readableEnded) {
      this.#options.stop.abort();
      this.#body.destroy();
    }
    callback(error);
  }

  #onData(chunk: Buffer): void {
    if (chunk.byteLength === 0) {
      this.destroy(new BlobStoreError('A chunk of the body was freed before it was read.'));
      return;
    }
    this.#idle.refresh();
    this.#wanted = this.push(chunk);
    if (!this.#wanted) this.#body.pause();
  }

  #onIdle(): void {
    if (!this.#wanted) return;
    const silence = Object.assign(new Error(`No byte for ${this.#options.idleMs} ms.`), { name: 'TimeoutError' });
    this.destroy(translateS3Error(silence, this.#options));
  }
}
