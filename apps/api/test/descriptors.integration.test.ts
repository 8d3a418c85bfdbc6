import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { givenAccount, givenBucket, type Answer } from './given.ts';
import { HttpExchange } from './http-exchange.ts';
import { givenInstallation, spawnApi, type ApiProcess } from './spawn-api.ts';
import { inspectStores } from './stored-state.ts';

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
  const statuses = async (round: number) => (await upload(round)).map(({ status }) => status);
  const all = (status: number): number[] => Array.from({ length: atOnce }, () => status);
  expect(await statuses(0)).toEqual(all(201));
  await allowDescriptors(api, 1);
  expect(await statuses(1)).toEqual(all(503));
  await allowDescriptors(api, (await countDescriptors(api)) + 4);
  const scarce = (await Promise.all([2, 3, 4, 5].map(statuses))).flat();
  expect([201, 503]).toEqual(expect.arrayContaining(scarce));
  await allowDescriptors(api, 1024);
  expect(await statuses(6)).toEqual(all(201));
  const stored = scarce.filter((status) => status === 201).length + 2 * atOnce;
  expect(await inspectStores(installation)).toMatchObject({ versions: stored, incomingFiles: 0, faults: [] });
});
