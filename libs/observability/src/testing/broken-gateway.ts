import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

const DRIP_MS = 20;

/** What a {@link BrokenGateway} does with a request. */
export type Misbehaviour =
  'silent' | 'drips headers' | 'drips a refusal' | 'cuts its refusal' | 'redirects' | 'refuses' | 'hangs up';

const ANSWERS: Readonly<Record<Misbehaviour, (socket: Socket) => void>> = {
  silent: () => undefined,
  'drips headers': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    drip(socket, 'Name: value\r\n');
  },
  'drips a refusal': (socket) => {
    socket.write('HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n');
    drip(socket, '1\r\na\r\n');
  },
  'cuts its refusal': (socket) => {
    socket.end('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 100\r\n\r\nso far');
  },
  redirects: (socket) => {
    socket.end('HTTP/1.1 301 Moved Permanently\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n');
  },
  refuses: (socket) => {
    const body = `text format parsing error${' and so on'.repeat(1_000)}`;
    socket.end(`HTTP/1.1 400 Bad Request\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  },
  'hangs up': (socket) => socket.resetAndDestroy(),
};

/** A server that does one thing wrong, whatever it is asked. */
export class BrokenGateway implements AsyncDisposable {
  /** First line of each request. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(misbehaviour: Misbehaviour) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        this.requests.push(data.toString().split('\r\n', 1)[0] ?? '');
        ANSWERS[misbehaviour](socket);
      });
    });
  }

  static async start(misbehaviour: Misbehaviour): Promise<BrokenGateway> {
    const gateway = new BrokenGateway(misbehaviour);
    gateway.#server.listen(0, '127.0.0.1');
    await once(gateway.#server, 'listening');
    return gateway;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
    return `http://127.0.0.1:${address.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function drip(socket: Socket, drop: string): void {
  const timer = setInterval(() => socket.write(drop), DRIP_MS);
  socket.once('close', () => clearInterval(timer));
}
