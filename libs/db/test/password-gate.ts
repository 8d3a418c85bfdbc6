import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/**
 * A server in front of a server that trusts everybody: asks for a clear-text password first, as RDS does for an IAM
 * token, and lets those pass who know one (PostgreSQL manual, 54.2.1 and 54.7).
 */
export class PasswordGate implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: URL;
  readonly #accepts: (password: string) => boolean;

  private constructor(target: URL, accepts: (password: string) => boolean) {
    this.#target = target;
    this.#accepts = accepts;
    this.#server = createServer((client) => void this.#admit(client));
  }

  static async inFrontOf(url: string, accepts: (password: string) => boolean): Promise<PasswordGate> {
    const gate = new PasswordGate(new URL(url), accepts);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  async #admit(client: Socket): Promise<void> {
    client.on('error', () => undefined);
    const [startup] = (await once(client, 'data')) as [Buffer];
    client.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])); // AuthenticationCleartextPassword
    const [message] = (await once(client, 'data')) as [Buffer];
    const password = message.subarray(5, -1).toString(); // 'p', length, text, NUL
    if (!this.#accepts(password)) {
      client.end(errorResponse('FATAL', '28P01', 'password authentication failed'));
      return;
    }
    const target = connect(Number(this.#target.port), this.#target.hostname);
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
    target.write(startup);
    client.pipe(target).pipe(client);
  }
}

function errorResponse(severity: string, code: string, message: string): Buffer {
  const body = Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
