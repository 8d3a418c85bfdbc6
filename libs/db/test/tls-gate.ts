import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { Gate } from './gate.ts';

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

/** In front of a server without TLS: answers `SSLRequest` with yes (PostgreSQL manual, 54.2.10) and decrypts. */
export class TlsGate extends Gate {
  /** Connections whose client trusted the certificate. */
  secured = 0;
  readonly #certificate: Certificate;

  private constructor(url: string, certificate: Certificate) {
    super(url);
    this.#certificate = certificate;
  }

  static inFrontOf(url: string, certificate: Certificate): Promise<TlsGate> {
    return new TlsGate(url, certificate).listen();
  }

  protected async admit(client: Socket): Promise<void> {
    await once(client, 'data');
    client.write('S');
    const plain = new TLSSocket(client, { isServer: true, secureContext: createSecureContext(this.#certificate) });
    plain.on('error', () => client.destroy());
    plain.on('secure', () => (this.secured += 1));
    plain.pipe(this.connectFor(client)).pipe(plain);
  }
}
