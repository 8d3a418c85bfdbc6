import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it, jest } from '@jest/globals';
import { givenAccount, givenBucket, type Answer } from './given.ts';
import { HttpExchange } from './http-exchange.ts';
import { givenInstallation, spawnApi, type ApiProcess } from './spawn-api.ts';
import { inspectStores } from './stored-state.ts';

jest.setTimeout(60_000);

/** As many as the exchange has connections. */
const atOnce = 16;

async function allowDescriptors({ pid }: ApiProcess, count: number): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(pid), `--nofile=${count}:`]);
}

async function countDescriptors({ pid }: ApiProcess): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

it('out of file descriptors: refuses what it cannot open, keeps what it has stored, and recovers', async () => {
  await using installation = await givenInstallation();
  await using api = await spawnApi(installation);
  const client = await givenAccount(api);
  const bucket = await givenBucket(client);
  using exchange = new HttpExchange(api);
  const headers = { authorization: `Bearer ${client.token}` };
  const pathOf = (round: number, upload: number) => `/v1/buckets/${bucket}/objects/${round}-${upload}`;
  const upload = (round: number): Promise<Answer[]> =>
    Promise.all(
      Array.from({ length: atOnce }, (_, index) =>
        exchange.send('PUT', pathOf(round, index), { headers, body: `content of ${round}-${index}` }),
      ),
    );
  await upload(0);
  await allowDescriptors(api, (await countDescriptors(api)) + 1);
  const answers = (await Promise.all([1, 2, 3, 4].map(upload))).flat();
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 503]));
  await allowDescriptors(api, 1024);
  expect((await upload(5)).map(({ status }) => status)).toEqual(Array.from({ length: atOnce }, () => 201));
  const stored = answers.filter(({ status }) => status === 201).length + 2 * atOnce;
  expect(await inspectStores(installation)).toMatchObject({ versions: stored, incomingFiles: 0, faults: [] });
});
