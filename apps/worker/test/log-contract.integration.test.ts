import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenStores, type Stores } from './given.ts';
import { runWorkerProcess } from './spawn-worker.ts';

/** What the saved queries of CloudWatch rely on. */
const written = 'infra/cdktf/src/operations/log-contract.json';

interface LogContract {
  readonly everyLine: readonly string[];
  readonly programs: { readonly worker: Readonly<Record<string, readonly string[]>> };
}

let stores: Stores;
beforeAll(async () => {
  stores = await givenStores();
});
afterAll(async () => {
  await stores[Symbol.asyncDispose]();
});

describe('the log', () => {
  it('has every message that a query asks for, with these fields', async () => {
    const contract = JSON.parse(await readFile(join(__dirname, '../../..', written), 'utf8')) as LogContract;
    const { code, stderr } = await runWorkerProcess(stores, ['collect-garbage']);
    expect(code).toBe(0);
    const lines = stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { readonly message: string });
    for (const [message, fields] of Object.entries(contract.programs.worker)) {
      const named = new Set(lines.filter((line) => line.message === message).flatMap((line) => Object.keys(line)));
      expect([message, [...named].sort()]).toEqual([message, [...contract.everyLine, ...fields].sort()]);
    }
  });
});
