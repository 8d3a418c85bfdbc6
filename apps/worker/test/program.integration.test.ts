import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { FaultyTcpProxy } from '@stowage/db/testing';
import { jobCatalog } from '../src/job-catalog.ts';
import { givenStores, type Environment, type Stores } from './given.ts';
import { basicEnv, runWorkerProcess } from './spawn-worker.ts';
import { givenItems } from './test-jobs.ts';

interface ProgramExit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run([program, ...args]: readonly [string, ...string[]], env: Environment): Promise<ProgramExit> {
  const child = spawn(program, args, { env: { ...basicEnv, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** The worker's own entry, from source. */
function runMain(args: readonly string[], env: Environment = {}): Promise<ProgramExit> {
  return run([process.execPath, join(__dirname, '../src/main.ts'), ...args], env);
}

let stores: Stores;
beforeAll(async () => {
  stores = await givenStores();
});
afterAll(async () => {
  await stores[Symbol.asyncDispose]();
});

describe('without settings or services', () => {
  it('0: explains itself', async () => {
    const { code, stdout, stderr } = await runMain(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage:\n {2}worker JOB /);
    for (const job of Object.keys(jobCatalog)) expect(stdout).toContain(job);
  });

  it('0: lists its jobs', async () => {
    const { code, stdout, stderr } = await runMain(['list', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const names = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { name: string }).name);
    expect(names).toEqual(Object.keys(jobCatalog));
  });

  it('2: says what is wrong with the arguments', async () => {
    const { code, stdout, stderr } = await runMain(['collect-garbige']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^There is no job "collect-garbige"\. There are: .*\.\nSee worker --help\.\n$/);
  });

  it('2: names every fault of the configuration at once', async () => {
    const faulty = { NODE_ENV: 'production', RUN_HISTORY_DAYS: 'many', DATABASE_URL: 'mysql://me:very-secret@db/x' };
    const { code, stdout, stderr } = await runMain(['history'], faulty);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const named = Array.from(stderr.matchAll(/^ {2}(\w+):/gm), ([, name]) => name);
    expect(named.sort()).toEqual(['DATABASE_URL', 'RUN_HISTORY_DAYS', 'S3_BUCKET']);
    expect(stderr).not.toContain('very-secret');
  });

  it('1: says that the database cannot be reached', async () => {
    await using proxy = await FaultyTcpProxy.inFrontOf(stores.databaseUrl);
    await proxy.setMode('refuse');
    const env = { ...stores.env, DATABASE_URL: proxy.through(stores.databaseUrl) };
    for (const args of [['history'], ['handle-items']]) {
      const { code, stderr } = await runWorkerProcess({ env }, args, { env: { LOG_LEVEL: 'error' } });
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^The database cannot be reached \(.*\): .* is right\.\n$/),
      });
    }
  });
});

describe('a database that is not migrated', () => {
  it('1: says what it lacks and how to apply it', async () => {
    await using old = await givenStores();
    await old.db.execute(sql('test_forget_migration')`delete from schema_migrations where version >= 7`);
    for (const command of ['find-damage', 'history']) {
      const { code, stderr } = await runWorkerProcess(old, [command]);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^The database lacks 0007-create-job-runs\.sql.*\. `node migrate\.js` .*\n$/),
      });
    }
  });
});

describe('history', () => {
  it('0: shows the latest runs, for people and for programs', async () => {
    await runWorkerProcess(stores, ['find-damage']);
    await runWorkerProcess(stores, ['fail-always', '--dry-run']);
    const table = await runWorkerProcess(stores, ['history']);
    expect(table.code).toBe(0);
    const [failed = '', damage = ''] = table.stdout.split('\n');
    expect(failed).toMatch(/^\S+Z {2}fail-always {2}0\/1 {2}failed \(dry run\) {2}.*; Error: cannot reach postgres/);
    expect(damage).toMatch(/^\S+Z {2}find-damage {2}0\/1 {2}succeeded .*; found damaged: 2$/);
    const json = await runWorkerProcess(stores, ['history', 'find-damage', '--json', '--limit', '1']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      job: 'find-damage',
      outcome: 'succeeded',
      faults: 2,
      shard: '0/1',
    });
  });
});

describe('on a terminal', () => {
  it('shows a bar with rate and time left, and a sentence at the end', async () => {
    await givenItems(stores.db, 2000);
    const worker = `${process.execPath} ${join(__dirname, 'worker-process.ts')} handle-items --limit 1000`;
    const { code, stdout } = await run(['script', '--quiet', '--return', '--command', worker, '/dev/null'], {
      ...stores.env,
      PATH: process.env.PATH ?? '',
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/handle-items 0\/1 \[#+-*\] +\d+ % {2}[\d,]+ of 1,000 {2}[\d,]+\/s {2}\d+:\d\d left/);
    expect(stdout).toContain('handle-items succeeded in 0:');
    expect(stdout).toContain('handled 1,000, 100,000 bytes; the next run goes on');
    expect(stdout).not.toContain('"level"');
  });
});
