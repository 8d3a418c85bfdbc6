import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { readBlob, sendBlob, type BlobStore } from '@stowage/storage';
import { parseByteRanges, toContentRange, type ByteRange } from '../http/byte-range.ts';
import { evaluateRead, rangeStillApplies } from '../http/conditional-request.ts';
import { PreconditionFailedError, RangeNotSatisfiableError } from './object-errors.ts';
import { setContentHeaders, setObjectHeaders, toContentDisposition } from './object-headers.ts';
import type { StoredObject } from './stored-object.ts';

const redirectLifetimeSeconds = 300;
const smallBytes = 64 * 1024;
/** As long as other servers wait: send_timeout of nginx. */
const defaultStallMs = 60_000;

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

export interface SendObjectOptions {
  readonly blobs: BlobStore;
  /** Objects of at least this size are answered by a redirect to the store, where it has URLs of its own. */
  readonly redirectFromBytes?: number | undefined;
  /** A client that takes nothing for this long is cut off. @default 60000 */
  readonly stallMs?: number;
}

/** Answers GET and HEAD of an object: conditions, ranges, and the content with back pressure. */
export class SendObject {
  readonly #options: SendObjectOptions;

  constructor(options: SendObjectOptions) {
    this.#options = options;
  }

  /** @throws PreconditionFailedError, RangeNotSatisfiableError */
  async send(object: StoredObject, exchange: Exchange, audience: 'private' | 'public'): Promise<void> {
    const { req, res } = exchange;
    const decision = evaluateRead(req.headers, object);
    if (decision === 'failed') throw new PreconditionFailedError();
    setObjectHeaders(res, object, audience);
    if (decision === 'not-modified') {
      res.statusCode = 304;
      res.end();
      return;
    }
    if (req.method === 'GET' && (await this.#redirect(object, res))) return;
    setContentHeaders(res, object);
    if (req.method === 'HEAD') {
      res.setHeader('Content-Length', object.sizeBytes);
      res.end();
      return;
    }
    await this.#sendContent(object, exchange);
  }

  async #redirect(object: StoredObject, res: ServerResponse): Promise<boolean> {
    const { blobs, redirectFromBytes } = this.#options;
    if (redirectFromBytes === undefined || object.sizeBytes < redirectFromBytes) return false;
    const url = await blobs.presignGet(object.blobId, {
      expiresInSeconds: redirectLifetimeSeconds,
      contentDisposition: toContentDisposition(object),
      contentType: object.contentType,
    });
    if (url === undefined) return false;
    // The URL lives shorter than any cache may keep the answer.
    res.setHeader('Cache-Control', 'no-store');
    res.statusCode = 307;
    res.setHeader('Location', url);
    res.end();
    return true;
  }

  async #sendContent(object: StoredObject, { req, res }: Exchange): Promise<void> {
    // Node ends the connection, and sets its own time again for the next request.
    res.setTimeout(this.#options.stallMs ?? defaultStallMs);
    const range = rangeStillApplies(req.headers['if-range'] as string | undefined, object)
      ? req.headers.range
      : undefined;
    const ranges = parseByteRanges(range, object.sizeBytes);
    if (ranges === 'unsatisfiable') throw new RangeNotSatisfiableError(object.sizeBytes);
    if (ranges === 'whole') {
      await this.#sendWhole(object, res);
      return;
    }
    const [first, ...others] = ranges;
    if (first !== undefined && others.length === 0) await this.#sendRange(object, first, res);
    else await this.#sendRanges(object, ranges, res);
  }

  async #sendWhole({ blobId, sizeBytes }: StoredObject, res: ServerResponse): Promise<void> {
    if (sizeBytes === 0) {
      res.setHeader('Content-Length', 0);
      res.end();
      return;
    }
    await deliver(await this.#options.blobs.get(blobId), res, sizeBytes);
  }

  async #sendRange(object: StoredObject, range: ByteRange, res: ServerResponse): Promise<void> {
    const content = await this.#options.blobs.get(object.blobId, { range });
    res.statusCode = 206;
    res.setHeader('Content-Range', toContentRange(range, object.sizeBytes));
    await deliver(content, res, range.end - range.start + 1);
  }

  /** `multipart/byteranges`, RFC 9110 §14.6. */
  async #sendRanges(object: StoredObject, ranges: readonly ByteRange[], res: ServerResponse): Promise<void> {
    // RFC 2046 §5.1.1: the boundary must not occur in the content, which a client chose.
    const boundary = randomUUID();
    const heads = ranges.map(
      (range) =>
        `\r\n--${boundary}\r\nContent-Type: ${object.contentType}\r\nContent-Range: ${toContentRange(range, object.sizeBytes)}\r\n\r\n`,
    );
    const tail = `\r\n--${boundary}--\r\n`;
    const contentBytes = ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0);
    const headBytes = heads.reduce((sum, head) => sum + Buffer.byteLength(head), tail.length);
    res.statusCode = 206;
    res.setHeader('Content-Type', `multipart/byteranges; boundary=${boundary}`);
    const { blobs } = this.#options;
    const parts = async function* (): AsyncGenerator<Buffer, void, undefined> {
      for (const [index, range] of ranges.entries()) {
        yield Buffer.from(heads[index] ?? '');
        yield* (await blobs.get(object.blobId, { range })) as AsyncIterable<Buffer>;
      }
      yield Buffer.from(tail);
    };
    await deliver(Readable.from(parts(), { objectMode: false }), res, contentBytes + headBytes);
  }
}

async function deliver(content: Readable, res: ServerResponse, sizeBytes: number): Promise<void> {
  if (sizeBytes > smallBytes) {
    await deliverStream(content, res, sizeBytes);
    return;
  }
  // A small body in one piece costs half of what a stream does.
  const bytes = await readBlob(content);
  assertComplete(bytes.length, sizeBytes);
  res.setHeader('Content-Length', sizeBytes);
  res.end(bytes);
}

/** Streams with back pressure. A client that goes away is no failure; the store's stream is closed either way. */
async function deliverStream(content: Readable, res: ServerResponse, sizeBytes: number): Promise<void> {
  let sentBytes = 0;
  res.setHeader('Content-Length', sizeBytes);
  content.on('data', (chunk: Buffer) => (sentBytes += chunk.length));
  try {
    // Left open, so that what fails before the first byte can still be answered.
    await sendBlob(content, res, { keepOpen: true });
  } catch (error) {
    if (res.destroyed) return;
    throw error;
  }
  assertComplete(sentBytes, sizeBytes);
  res.end();
}

/** A client would wait for the bytes that are missing, or take those that are too many for the next answer. */
function assertComplete(sentBytes: number, sizeBytes: number): void {
  if (sentBytes !== sizeBytes) throw new Error(`A blob gave ${sentBytes} bytes instead of the recorded ${sizeBytes}`);
}
