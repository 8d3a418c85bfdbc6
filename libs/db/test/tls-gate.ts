import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';

/** A certificate that is its own authority. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export async function givenCertificate(host: string): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
    ],
  });
  return { key, cert };
}

/** A server in front of a server without TLS: answers `SSLRequest` with yes (PostgreSQL manual, 54.2.10) and decrypts. */
export class TlsGate implements AsyncDisposable {
  /** Connections whose client trusted the certificate. */
  secured = 0;
  readonly #server: Server;
  readonly #target: URL;
  readonly #certificate: Certificate;

  private constructor(target: URL, certificate: Certificate) {
    this.#target = target;
    this.#certificate = certificate;
    this.#server = createServer((client) => void this.#admit(client));
  }

  static async inFrontOf(url: string, certificate: Certificate): Promise<TlsGate> {
    const gate = new TlsGate(new URL(url), certificate);
    gate.#server.listen(0, 'localhost');
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
    await once(client, 'data');
    client.write('S');
    const plain = new TLSSocket(client, { isServer: true, secureContext: createSecureContext(this.#certificate) });
    plain.on('error', () => client.destroy());
    plain.on('secure', () => (this.secured += 1));
    const target = connect(Number(this.#target.port), this.#target.hostname);
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
    plain.pipe(target).pipe(plain);
  }
}
