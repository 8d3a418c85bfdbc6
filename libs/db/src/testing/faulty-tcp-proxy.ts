import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/**
 * What the proxy does to connections, to those it has and to those that come.
 * - `pass`: both ways, every byte
 * - `refuse`: cuts them; newcomers find the port closed (ECONNREFUSED)
 * - `blackhole`: keeps them open and forwards nothing; newcomers connect and hear nothing
 * - `reset`: answers them with RST
 * - `mute`: requests arrive, answers do not
 */
export type FaultMode = 'pass' | 'refuse' | 'blackhole' | 'reset' | 'mute';

export interface FaultyTcpProxyTarget {
  /** @default '127.0.0.1' */
  readonly host?: string;
  readonly port: number;
}

interface Link {
  readonly client: Socket;
  readonly target: Socket;
}

/** A TCP proxy on the loopback for tests: stands between a client and a real service and breaks the line on demand. */
export class FaultyTcpProxy implements AsyncDisposable {
  readonly #target: Required<FaultyTcpProxyTarget>;
  readonly #links = new Set<Link>();
  #server: Server;
  #port = 0;
  #mode: FaultMode = 'pass';
  #accepted = 0;

  private constructor(target: Required<FaultyTcpProxyTarget>) {
    this.#target = target;
    this.#server = this.#newServer();
  }

  /** Starts in mode `pass` on a free port. */
  static async open({ host = '127.0.0.1', port }: FaultyTcpProxyTarget): Promise<FaultyTcpProxy> {
    const proxy = new FaultyTcpProxy({ host, port });
    await proxy.#listen();
    return proxy;
  }

  /** The proxy for the host and port a URL names. */
  static async inFrontOf(url: string, defaultPort?: number): Promise<FaultyTcpProxy> {
    const { hostname, port } = new URL(url);
    return FaultyTcpProxy.open({ host: hostname, port: port === '' ? (defaultPort ?? 0) : Number(port) });
  }

  get port(): number {
    return this.#port;
  }

  get mode(): FaultMode {
    return this.#mode;
  }

  /** Connections accepted since the start. */
  get accepted(): number {
    return this.#accepted;
  }

  /** The same URL with the proxy's host and port. */
  through(url: string): string {
    const proxied = new URL(url);
    proxied.hostname = '127.0.0.1';
    proxied.port = String(this.#port);
    return proxied.href;
  }

  /** Resolves when the next client has connected, in whatever mode. */
  async nextConnection(): Promise<void> {
    await once(this.#server, 'connection');
  }

  /** Resolves when the mode is in force: the port closed or open again, old connections cut, stopped or going on. */
  async setMode(mode: FaultMode): Promise<void> {
    const before = this.#mode;
    this.#mode = mode;
    if (mode === 'refuse' || mode === 'reset') this.#cutAll();
    else for (const link of this.#links) this.#wire(link);
    if (mode === 'refuse' && before !== 'refuse') await this.#stopListening();
    if (mode !== 'refuse' && before === 'refuse') await this.#listen();
  }

  /** Cuts every connection and closes the port. */
  async close(): Promise<void> {
    this.#cutAll();
    if (this.#server.listening) await this.#stopListening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #newServer(): Server {
    return createServer((client) => this.#accept(client));
  }

  async #listen(): Promise<void> {
    this.#server = this.#newServer();
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #stopListening(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#cutAll();
    await closed;
  }

  #accept(client: Socket): void {
    this.#accepted += 1;
    client.on('error', () => undefined);
    if (this.#mode === 'reset' || this.#mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const target = connect(this.#target.port, this.#target.host);
    const link = { client, target };
    this.#links.add(link);
    target.on('error', () => client.destroy());
    client.on('close', () => {
      this.#links.delete(link);
      target.destroy();
    });
    target.on('close', () => client.destroy());
    this.#wire(link);
  }

  #wire({ client, target }: Link): void {
    client.unpipe(target);
    target.unpipe(client);
    target.removeAllListeners('data');
    client.pause();
    target.pause();
    if (this.#mode === 'blackhole') return;
    client.pipe(target);
    if (this.#mode === 'pass') target.pipe(client);
    else target.on('data', () => undefined);
  }

  #cutAll(): void {
    for (const { client, target } of this.#links) {
      if (this.#mode === 'reset') client.resetAndDestroy();
      else client.destroy();
      target.destroy();
    }
  }
}
