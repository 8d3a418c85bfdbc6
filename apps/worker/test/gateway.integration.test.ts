import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BlackHole, BrokenGateway, PushgatewayProcess, type Misbehaviour } from '@stowage/observability/testing';
import { givenStores, requiredService, type Stores } from './given.ts';
import { runWorkerProcess, type WorkerExit } from './spawn-worker.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await givenStores();
});
afterAll(async () => {
  await stores[Symbol.asyncDispose]();
});

function runWith(
  url: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<WorkerExit> {
  return runWorkerProcess(stores, args, { env: { PUSHGATEWAY_URL: url, ENVIRONMENT: 'testing', ...env } });
}

/** Why the gateway was not told, as the log has it. */
function reasonOf({ stderr }: WorkerExit): unknown {
  const line = stderr.split('\n').find((text) => text.includes('"job run not reported"'));
  return line === undefined ? undefined : (JSON.parse(line) as { reason: unknown }).reason;
}

async function latestRun(): Promise<unknown> {
  const { stdout } = await runWorkerProcess(stores, ['history', 'find-damage', '--limit', '1', '--json']);
  return JSON.parse(stdout);
}

describe('a gateway that does not do its part', () => {
  const cases: readonly (readonly [Misbehaviour, string])[] = [
    ['silent', 'timeout'],
    ['drips headers', 'timeout'],
    ['drips a refusal', 'timeout'],
    ['cuts its refusal', 'failed'],
    ['redirects', 'rejected'],
    ['refuses', 'rejected'],
    ['hangs up', 'failed'],
  ];

  it.each(cases)('%s: changes nothing of the run, and is logged (%s) and counted', async (misbehaviour, reason) => {
    await using gateway = await BrokenGateway.start(misbehaviour);
    const exit = await runWith(gateway.url, ['find-damage', '--json']);
    expect([exit.code, JSON.parse(exit.stdout)]).toEqual([4, expect.objectContaining({ outcome: 'succeeded' })]);
    expect(reasonOf(exit)).toBe(reason);
    expect(await latestRun()).toMatchObject({ outcome: 'succeeded', reported: false });
  });

  it('drops whoever connects: the same', async () => {
    await using hole = await BlackHole.open();
    const exit = await runWith(hole.url, ['find-damage']);
    expect([exit.code, reasonOf(exit)]).toEqual([4, 'timeout']);
    expect(await latestRun()).toMatchObject({ outcome: 'succeeded', reported: false });
  });

  it('is not there: the same', async () => {
    const gateway = await BrokenGateway.start('silent');
    const { url } = gateway;
    await gateway[Symbol.asyncDispose]();
    const exit = await runWith(url, ['find-damage']);
    expect([exit.code, reasonOf(exit)]).toEqual([4, 'failed']);
    expect(await latestRun()).toMatchObject({ outcome: 'succeeded', reported: false });
  });
});

describe('a real gateway', () => {
  it('has a group for each job and shard, and is told how many runs it missed', async () => {
    await using gateway = await PushgatewayProcess.start(requiredService('TEST_PUSHGATEWAY'));
    await gateway.stop();
    expect(reasonOf(await runWith(gateway.url, ['fail-always']))).toBe('failed');
    await gateway.restart();
    expect(reasonOf(await runWith(gateway.url, ['fail-always']))).toBeUndefined();
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/^batch_unreported_runs\{env="testing",instance="",job="fail-always"\} 1$/m);
    expect(metrics).not.toContain('batch_last_success_timestamp_seconds');
  });

  it('forgets a job that is run no more', async () => {
    await using gateway = await PushgatewayProcess.start(requiredService('TEST_PUSHGATEWAY'));
    for (const shard of ['0/2', '1/2']) await runWith(gateway.url, ['nothing-to-do', '--shard', shard]);
    await runWith(gateway.url, ['find-damage']);
    expect((await gateway.groups()).map(({ labels }) => labels)).toEqual(
      expect.arrayContaining([
        { job: 'nothing-to-do', env: 'testing', shard: '0/2' },
        { job: 'nothing-to-do', env: 'testing', shard: '1/2' },
        { job: 'find-damage', env: 'testing' },
      ]),
    );
    expect((await runWith(gateway.url, ['forget', 'nothing-to-do', '--shards', '2'])).code).toBe(0);
    expect((await gateway.groups()).map(({ labels }) => labels.job)).toEqual(['find-damage']);
  });

  it('1: says that it could not forget', async () => {
    await using gateway = await BrokenGateway.start('refuses');
    const { code, stderr } = await runWith(gateway.url, ['forget', 'gone']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^gone 0\/1 was not forgotten: Error: the gateway answered 400: /);
    const without = await runWorkerProcess(stores, ['forget', 'gone']);
    expect([without.code, without.stderr]).toEqual([
      2,
      'There is no gateway to forget it: PUSHGATEWAY_URL is not set.\nSee worker --help.\n',
    ]);
  });
});
