import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Answer } from './given.ts';
import type { RunningApi } from './start-api.ts';

export interface ExchangeInit {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** Sends requests as they are, where `fetch` would resolve `..`, refuse methods or add headers. Keeps its connections. */
export class HttpExchange implements Disposable {
  readonly #origin: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor({ url }: Pick<RunningApi, 'url'>) {
    this.#origin = new URL(url);
  }

  /** `path` is put into the request line as it is; characters up to U+00FF are sent as one byte each. */
  async send(method: string, path: string, { headers = {}, body }: ExchangeInit = {}): Promise<Answer> {
    const { hostname: host, port } = this.#origin;
    const isUnannounced = body === undefined || 'transfer-encoding' in headers;
    const length = isUnannounced ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = request({ host, port, agent: this.#agent, method, path, headers: { ...length, ...headers } });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const bytes = await buffer(response);
    const isJson = (response.headers['content-type'] ?? '').includes('json') && bytes.length > 0;
    return {
      status: response.statusCode ?? 0,
      headers: toHeaders(response.rawHeaders),
      bytes,
      json: isJson ? (JSON.parse(bytes.toString()) as unknown) : undefined,
    };
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

function toHeaders(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index < raw.length; index += 2) headers.append(raw[index] ?? '', raw[index + 1] ?? '');
  return headers;
}

/** A connection on which a test writes what it likes. */
export class RawConnection implements Disposable {
  readonly #socket: Socket;
  #received = '';
  #ended = false;
  #news: PromiseWithResolvers<undefined> = Promise.withResolvers();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#received += text;
      this.#wake();
    });
    socket.on('error', () => undefined); // the API may close while the test writes
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  static async open({ url }: Pick<RunningApi, 'url'>): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  write(data: string | Buffer): void {
    this.#socket.write(data);
  }

  /** Sends it all before anything is read, as simple clients do. */
  async writeBeforeReading(data: string | Buffer): Promise<void> {
    this.#socket.pause();
    await new Promise((resolve) => this.#socket.write(data, resolve));
    this.#socket.resume();
  }

  /** Ends the side of the client; the API may still answer. */
  end(): void {
    this.#socket.end();
  }

  /** All that was received, once it matches or the connection has ended. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#received) && !this.#ended) await this.#news.promise;
    return this.#received;
  }

  /** All that was received, once the API has ended the connection. */
  untilEnd(): Promise<string> {
    return this.until(/(?!)/);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #wake(): void {
    this.#news.resolve(undefined);
    this.#news = Promise.withResolvers();
  }
}
