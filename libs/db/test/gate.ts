import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A server in front of the real one, which decides about a connection before it is passed on. */
export abstract class Gate implements AsyncDisposable {
  readonly #server = createServer((client) => {
    client.on('error', () => undefined);
    void this.admit(client);
  });
  readonly #target: URL;

  protected constructor(targetUrl: string) {
    this.#target = new URL(targetUrl);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  protected abstract admit(client: Socket): Promise<void>;

  protected async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** A connection to the real server, which ends with the client's, and the client's with it. */
  protected connectFor(client: Socket): Socket {
    const target = connect(Number(this.#target.port), this.#target.hostname);
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
    return target;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
