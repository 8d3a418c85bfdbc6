import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it, with its body read. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** What to do with a request; `nth` counts those before it, from 0. */
export type Answer = (request: SeenRequest, response: ServerResponse, nth: number) => void;

/** An HTTP server on the loopback interface that answers as it is told, for the faults no real server shows at will. */
export class ScriptedS3Server implements AsyncDisposable {
  readonly seen: SeenRequest[] = [];
  readonly #server: Server;

  private constructor(answer: Answer) {
    this.#server = createServer((request, response) => {
      void readRequest(request).then(
        (seen) => {
          this.seen.push(seen);
          answer(seen, response, this.seen.length - 1);
        },
        () => response.destroy(),
      ); // a client that gave up sent no request to answer
    });
  }

  static async start(answer: Answer): Promise<ScriptedS3Server> {
    const server = new ScriptedS3Server(answer);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Method and sub-resource of each request, such as `POST uploads`. */
  get operations(): string[] {
    return this.seen.map(({ method, path }) => {
      const query = new URL(path, this.url).searchParams;
      const subresource = ['uploads', 'partNumber', 'uploadId', 'delete', 'list-type'].find((name) => query.has(name));
      return subresource === undefined ? method : `${method} ${subresource}`;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** An error as S3 words it. */
export function answerError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>scripted</Message></Error>`);
}

export function answerXml(response: ServerResponse, xml: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>${xml}`);
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}
