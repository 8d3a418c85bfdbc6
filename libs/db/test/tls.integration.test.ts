import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DatabaseConnection } from '../src/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { GivenDb, givenDatabase, serverUrl } from './given.ts';
import { givenCertificate, TlsGate, type Certificate } from './tls-gate.ts';

let database: TestDatabase;
let ours: Certificate;
let anothers: Certificate;
beforeAll(async () => {
  database = await givenDatabase();
  [ours, anothers] = await Promise.all([givenCertificate('localhost'), givenCertificate('db.example')]);
});
afterAll(() => database.drop());

/** By the fields of a connection, as with IAM authentication. */
function connectionTo({ port }: TlsGate, tls: boolean | { readonly ca: string }): DatabaseConnection {
  const { username, pathname } = new URL(database.url);
  return {
    ...{ host: 'localhost', port, database: pathname.slice(1), user: username },
    ...{ password: async () => 'token', tls },
  };
}

function urlOf({ port }: { readonly port: number | string }, mode: string): string {
  const { username, pathname } = new URL(database.url);
  return `postgres://${username}@localhost:${port}${pathname}?sslmode=${mode}`;
}

async function connectsBy(connection: DatabaseConnection): Promise<string> {
  await using given = new GivenDb(database.url, { connection });
  try {
    await given.db.ping();
    return 'connected';
  } catch (error) {
    return String((error as Error).cause);
  }
}

describe('PgDb over TLS', () => {
  it('connects where the authority is trusted, by itself or as one of the process', async () => {
    await using gate = await TlsGate.inFrontOf(serverUrl(), ours);
    expect(await connectsBy(connectionTo(gate, { ca: ours.cert }))).toBe('connected');
    const defaults = getCACertificates('default');
    setDefaultCACertificates([...defaults, ours.cert]);
    try {
      expect(await connectsBy(connectionTo(gate, true))).toBe('connected');
      expect(await connectsBy({ url: urlOf(gate, 'verify-full') })).toBe('connected');
    } finally {
      setDefaultCACertificates(defaults);
    }
    expect(gate.secured).toBe(3);
  });

  it.each(['require', 'verify-ca', 'verify-full'])(
    'sslmode %s: refuses an authority that is not trusted',
    async (mode) => {
      await using gate = await TlsGate.inFrontOf(serverUrl(), ours);
      expect(await connectsBy({ url: urlOf(gate, mode) })).toMatch(/self-signed certificate/);
      expect(await connectsBy(connectionTo(gate, true))).toMatch(/self-signed certificate/);
    },
  );

  it('refuses the certificate of another host', async () => {
    await using gate = await TlsGate.inFrontOf(serverUrl(), anothers);
    expect(await connectsBy(connectionTo(gate, { ca: anothers.cert }))).toMatch(
      /does not match certificate's altnames/,
    );
  });

  it('sslmode no-verify: takes any certificate', async () => {
    await using gate = await TlsGate.inFrontOf(serverUrl(), anothers);
    expect(await connectsBy({ url: urlOf(gate, 'no-verify') })).toBe('connected');
  });

  it('refuses a server without TLS', async () => {
    const { port } = new URL(serverUrl());
    expect(await connectsBy({ url: urlOf({ port }, 'require') })).toMatch(/does not support SSL/);
  });
});
