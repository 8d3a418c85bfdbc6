import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CacheUnavailableError } from '@stowage/cache';
import { captureLogs } from '@stowage/observability/testing';
import { BlobStoreUnavailableError, type BlobStore } from '@stowage/storage';
import { CacheFence } from '../src/cache-epoch/cache-fence.ts';
import { MemoryCacheEpochRepository } from '../src/cache-epoch/memory-cache-epoch-repository.ts';
import { givenAccount, givenBucket, send, type Client } from './given.ts';
import { startApi, type RunningApi } from './start-api.ts';

/** What the saved queries of CloudWatch rely on. */
const written = 'infra/cdktf/src/operations/log-contract.json';

interface LogContract {
  readonly everyLine: readonly string[];
  readonly programs: { readonly api: Readonly<Record<string, readonly string[]>> };
  readonly traced: readonly string[];
  readonly error: readonly string[];
}

const logs = captureLogs({ level: 'info' });
/** What the blob store fails with; nothing: it works. */
let fault: Error | undefined;

function failing(blobs: BlobStore): BlobStore {
  const refuse = async (): Promise<never> => Promise.reject(fault ?? new Error('no fault was given'));
  return new Proxy(blobs, {
    get: (target, name: keyof BlobStore) => {
      if (fault !== undefined && (name === 'put' || name === 'check')) return refuse;
      const own: unknown = Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

let contract: LogContract;
let api: RunningApi;
let client: Client;
beforeAll(async () => {
  contract = JSON.parse(await readFile(join(__dirname, '../../..', written), 'utf8')) as LogContract;
  api = await startApi({ log: logs.logger, wrap: { blobs: failing } });
  client = await givenAccount(api);
  const path = `/v1/buckets/${await givenBucket(client)}/objects/a`;
  const put = () => client.call('PUT', path, { body: 'a', headers: { 'content-type': 'text/plain' } });
  await put();
  await send(api, 'POST', '/v1/sessions', { json: { email: client.email, password: 'wrong password, typed badly' } });
  for (fault of [new BlobStoreUnavailableError('gone', { cause: new Error('refused') }), new Error('broken')])
    await put();
  await send(api, 'GET', '/health');
  await closeCache();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

/** What the fence does when Redis does not confirm a change. */
async function closeCache(): Promise<void> {
  const epochs = new MemoryCacheEpochRepository(() => 0);
  const fence = new CacheFence({ epochs, log: logs.logger, now: () => 0, wait: async () => undefined });
  await fence.publish(() => Promise.reject(new CacheUnavailableError('disconnected', 'no connection')));
}

describe('the log', () => {
  it('has every message that a query asks for, with these fields', () => {
    for (const [message, fields] of Object.entries(contract.programs.api)) {
      const named = new Set(logs.withMessage(message).flatMap((line) => Object.keys(line)));
      expect([message, [...named].sort()]).toEqual([message, [...contract.everyLine, ...fields].sort()]);
    }
  });

  it('tells of an error what the queries ask for', () => {
    const [line] = logs.withMessage('request failed: a dependency is unavailable');
    const told = Object.keys(line?.err ?? {});
    expect(contract.error).toEqual(expect.arrayContaining(told));
    expect(told).toEqual(expect.arrayContaining(['type', 'message', 'stack']));
  });

  it('says by its level whether a person must act', () => {
    expect(logs.withMessage('request failed').map(({ level }) => level)).toEqual(['error']);
    expect(logs.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});
