import { connect, type Socket } from 'node:net';
import { ResponseReader, type ResponseHead } from './response-reader.ts';

/** One request of a load and the answer it must get. */
export interface LoadRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly path: string;
  /** Further header lines, each with its line end. @default none */
  readonly headers?: string;
  readonly body?: Buffer;
  /** The statuses that are right. @default [200] */
  readonly statuses?: readonly number[];
  /** What the content must be, byte for byte. @default only its length is checked, against Content-Length */
  readonly content?: Buffer;
}

export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  /** Asked before each request; once it answers true, what is under way is finished and nothing else is sent. */
  readonly isOver: () => boolean;
  readonly next: () => LoadRequest;
}

/** An end after so many milliseconds from now. */
export function after(durationMs: number): () => boolean {
  const startedAt = performance.now();
  return () => performance.now() - startedAt >= durationMs;
}

/** What a load came to. A wrong answer ends a load with an error, so that all of these were right. */
export interface LoadResult {
  readonly requests: number;
  /** Bytes of content received. */
  readonly bytes: number;
  readonly seconds: number;
}

/**
 * Sends requests over kept-alive connections, on each the next one when the one before is answered. A connection that the
 * server closes after an answer, having said so, is replaced.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const startedAt = performance.now();
  const runs = Array.from({ length: options.connections }, () => runConnections(options));
  const counts = await Promise.all(runs);
  return {
    requests: counts.reduce((sum, { requests }) => sum + requests, 0),
    bytes: counts.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds: (performance.now() - startedAt) / 1000,
  };
}

interface Counted {
  requests: number;
  bytes: number;
}

async function runConnections(options: LoadOptions): Promise<Counted> {
  const counted = { requests: 0, bytes: 0 };
  do await runConnection(options, counted);
  while (!options.isOver());
  return counted;
}

function runConnection({ port, next, isOver }: LoadOptions, counted: Counted): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let check: AnswerCheck | undefined;
    const sendNext = (): void => {
      check = new AnswerCheck(next());
      reader.expect(check.request.method !== 'HEAD');
      send(socket, check.request);
    };
    const reader = new ResponseReader({
      onHead: (head) => check?.onHead(head),
      onContent: (chunk) => check?.onContent(chunk),
      onEnd: () => {
        counted.requests += 1;
        counted.bytes += check?.bytes ?? 0;
        if (!isOver() && check?.closes !== true) return sendNext();
        resolve();
        socket.end();
      },
    });
    socket.on('connect', sendNext);
    socket.on('data', (chunk) => readOrDestroy(reader, chunk, socket));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed a connection in the middle of the load')));
  });
}

function readOrDestroy(reader: ResponseReader, chunk: Buffer, socket: Socket): void {
  try {
    reader.read(chunk);
  } catch (error) {
    socket.destroy(error instanceof Error ? error : new Error('The answer could not be read', { cause: error }));
  }
}

function send(socket: Socket, { method, path, headers = '', body }: LoadRequest): void {
  const length = body === undefined ? '' : `Content-Length: ${body.length}\r\n`;
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}${length}\r\n`;
  if (body === undefined) {
    socket.write(head, 'latin1');
    return;
  }
  socket.cork();
  socket.write(head, 'latin1');
  socket.write(body);
  socket.uncork();
}

/** Holds one answer against what it must be. */
class AnswerCheck {
  readonly request: LoadRequest;
  bytes = 0;
  /** The server said that it closes the connection. */
  closes = false;

  constructor(request: LoadRequest) {
    this.request = request;
  }

  onHead({ status, contentBytes, closes }: ResponseHead): void {
    const { statuses = [200], content, method, path } = this.request;
    if (!statuses.includes(status)) throw new Error(`${method} ${path} was answered by ${status}`);
    if (content !== undefined && contentBytes !== content.length)
      throw new Error(`${method} ${path} was answered by ${contentBytes} bytes instead of ${content.length}`);
    this.closes = closes;
  }

  onContent(chunk: Buffer): void {
    const { content, method, path } = this.request;
    const start = this.bytes;
    this.bytes += chunk.length;
    if (content !== undefined && content.compare(chunk, 0, chunk.length, start, this.bytes) !== 0)
      throw new Error(`${method} ${path} was answered by other bytes`);
  }
}
