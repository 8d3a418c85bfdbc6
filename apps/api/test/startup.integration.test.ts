import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgDb, sql } from '@stowage/db';
import { FaultyTcpProxy } from '@stowage/db/testing';
import { runMain, type MainResult } from './run-main.ts';
import { givenInstallation, givenS3Installation, spawnApi, untilStatus, type Installation } from './spawn-api.ts';

describe('a start that cannot succeed', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await givenInstallation();
  });
  afterAll(async () => {
    await installation[Symbol.asyncDispose]();
  });

  /** One message on standard error, and no stack trace anywhere. */
  function expectMessage({ code, stdout, stderr }: MainResult, message: RegExp): void {
    expect(stderr).toMatch(message);
    expect(stderr + stdout).not.toMatch(/^\s+at |\\n\s+at |"stack"/m);
    expect(code).toBe(1);
  }

  it('names the port that is taken, and its variable', async () => {
    await using taken = await givenTakenPort();
    const port = String(taken.port);
    const sentence = `Port ${port} is taken\\. Stop what listens there, or set NAME to another port\\.`;
    for (const variable of ['PORT', 'OPERATIONS_PORT']) {
      const result = await runMain({ ...installation.env, [variable]: port });
      expectMessage(result, new RegExp(`^${sentence.replace('NAME', variable)}\n$`));
    }
  });

  it('names both ports when both are taken', async () => {
    await using taken = await givenTakenPort();
    await using other = await givenTakenPort();
    const ports = { PORT: String(taken.port), OPERATIONS_PORT: String(other.port) };
    const result = await runMain({ ...installation.env, ...ports });
    expectMessage(result, new RegExp(`^Port ${other.port} is taken.*\\nPort ${taken.port} is taken.*\\n$`));
  });

  it('says that the database cannot be reached', async () => {
    await using taken = await givenTakenPort();
    const { port } = taken;
    await taken[Symbol.asyncDispose]();
    const DATABASE_URL = `postgres://stowage:very-secret@127.0.0.1:${port}/stowage`;
    const result = await runMain({ ...installation.env, DATABASE_URL });
    expectMessage(
      result,
      /^The database cannot be reached \(connect-failed\): connect ECONNREFUSED [^ ]+\. Check .*\n$/,
    );
    expect(result.stderr).not.toContain('very-secret');
  });

  it('says that the database refuses us', async () => {
    const DATABASE_URL = `${installation.databaseUrl}-of-nobody`;
    const result = await runMain({ ...installation.env, DATABASE_URL });
    expectMessage(result, /^The database cannot be reached \(rejected\): database .* does not exist\. Check .*\n$/);
  });

  it('names every fault of the configuration at once', async () => {
    const faulty = { NODE_ENV: 'production', PORT: '99999', HOST: '', DRAIN_MS: 'soon', S3_ENDPOINT: 'nowhere' };
    const result = await runMain({ ...faulty, DATABASE_URL: 'mysql://root:very-secret@localhost/stowage' });
    expectMessage(result, /^The configuration is wrong\..*\n( {2}\w+: .+\n)+$/);
    const named = Array.from(result.stderr.matchAll(/^ {2}(\w+):/gm), ([, name]) => name);
    const expected = ['PORT', 'DRAIN_MS', 'S3_ENDPOINT', 'DATABASE_URL', 'REDIS_URL', 'S3_BUCKET', 'PUBLIC_URL'];
    expect(named.sort()).toEqual(expected.sort());
    expect(result.stderr).not.toContain('very-secret');
  });

  it('says that the database is newer than the program', async () => {
    await using newer = await givenInstallation();
    await using db = PgDb.open({
      connection: { url: newer.databaseUrl },
      applicationName: 'test',
      onPoolError: () => undefined,
    });
    await db.execute(sql('test_newer')`
      insert into schema_migrations (version, name, checksum) values (9999, '9999-from-the-future.sql', '')`);
    expectMessage(await runMain(newer.env), /^the database has 9999-from-the-future\.sql, .* newer release\n$/);
  });

  it('says that the blob directory cannot be used', async () => {
    const path = join(installation.blobDirectory, 'file');
    await writeFile(path, 'not a directory');
    const result = await runMain({ ...installation.env, BLOB_DIRECTORY: path });
    expectMessage(result, /^The blob store cannot be used: .* BLOB_DIRECTORY .*\n$/);
  });
});

describe('a start without S3', () => {
  it('is not ready, says why to those who may know, and takes requests as soon as S3 is there', async () => {
    await using installation = await givenS3Installation();
    await using proxy = await FaultyTcpProxy.inFrontOf(installation.env.S3_ENDPOINT ?? '');
    await proxy.setMode('refuse');
    const S3_ENDPOINT = new URL(proxy.through(installation.env.S3_ENDPOINT ?? '')).origin;
    await using api = await spawnApi(installation, { env: { S3_ENDPOINT }, untilHealthy: false });

    expect((await fetch(`${api.url}/health`)).status).toBe(503);
    const { checks } = (await (await fetch(`${api.operationsUrl}/readyz`)).json()) as {
      checks: { name: string; ok: boolean }[];
    };
    expect(checks.filter(({ ok }) => !ok)).toEqual([expect.objectContaining({ name: 'blob-store' })]);
    expect((await fetch(`${api.operationsUrl}/livez`)).status).toBe(200);
    await proxy.setMode('pass');
    await untilStatus(`${api.url}/health`, 200);
  });
});

async function givenTakenPort(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
