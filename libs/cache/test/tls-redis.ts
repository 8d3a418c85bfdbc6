import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { freePort, RedisServerProcess } from '../src/testing/redis-server-process.ts';
import { redisExecutable } from './given-redis.ts';

/** A Redis that speaks TLS alone, with a certificate that is its own authority. */
export interface TlsRedis extends AsyncDisposable {
  readonly url: string;
  /** PEM. */
  readonly certificate: string;
  readonly server: RedisServerProcess;
}

/** @param host the name the certificate carries */
export async function givenTlsRedis(host: string): Promise<TlsRedis> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
    ],
  });
  const directory = await mkdtemp(join(tmpdir(), 'stowage-tls-'));
  const [keyFile, certFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  await Promise.all([writeFile(keyFile, key), writeFile(certFile, cert)]);
  const port = await freePort();
  const server = await RedisServerProcess.start(redisExecutable(), [
    ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
    ...['--tls-key-file', keyFile, '--tls-cert-file', certFile],
  ]);
  return {
    url: `rediss://localhost:${port}`,
    certificate: cert,
    server,
    [Symbol.asyncDispose]: async () => {
      await server.kill();
      await rm(directory, { recursive: true });
    },
  };
}
