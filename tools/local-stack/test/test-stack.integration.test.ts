import { describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '../src/ports.ts';
import { isRunning } from '../src/process-identity.ts';
import { ServiceProcess } from '../src/service-process.ts';
import { isStackNeeded } from '../src/stack-leases.ts';
import { readLockHolder } from '../src/stack-lock.ts';
import { readAnnouncement } from '../src/stack-readiness.ts';
import { stackFiles } from '../src/stack.ts';
import { query, StackDirectory, WORKSPACE } from './stack-program.ts';

const run = promisify(execFile);
const READY = join(__dirname, '../src/test-ready.ts');

describe('the services of the tests', () => {
  it('have a PostgreSQL with room for many connections', async () => {
    await expect(query(process.env.TEST_DATABASE_URL, 'SHOW max_connections')).resolves.toEqual([
      { max_connections: '300' },
    ]);
  });

  it('have the executable of a Redis', async () => {
    const { stdout } = await run(process.env.TEST_REDIS_SERVER ?? '', ['--version']);
    expect(stdout).toMatch(/server v=\d/);
  });

  it('have an S3 server that checks signatures', async () => {
    const { origin, username } = new URL(process.env.TEST_S3_URL ?? '');
    expect((await fetch(origin)).status).toBe(200);
    const authorization = `AWS ${username}:AAAAAAAAAAAAAAAAAAAAAAAAAAA=`;
    const forged = await fetch(`${origin}/bucket`, { headers: { authorization, date: new Date().toUTCString() } });
    expect(forged.status).toBe(403);
    expect(await forged.text()).toContain('SignatureDoesNotMatch');
  });

  it('have a Chromium that runs the scripts of a page', async () => {
    await using directory = new StackDirectory();
    const page = 'data:text/html,<p id="p"></p><script>p.textContent = 6 * 7</script>';
    const flags = ['--headless', `--user-data-dir=${directory.path}`, '--dump-dom', page];
    const { stdout } = await run(process.env.TEST_CHROMIUM ?? '', flags);
    expect(stdout).toContain('<p id="p">42</p>');
  });

  it.each(['PROMETHEUS', 'PROMTOOL', 'PUSHGATEWAY', 'ALERTMANAGER', 'AMTOOL'])(
    'have the %s of Debian',
    async (name) => {
      const { stdout } = await run(process.env[`TEST_${name}`] ?? '', ['--version']);
      expect(stdout).toMatch(/^\w+, version \d.*debian/);
    },
  );

  it('have an Alertmanager that finds its templates', async () => {
    await using directory = new StackDirectory();
    const file = join(directory.path, 'alertmanager.json');
    writeFileSync(file, JSON.stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }));
    const address = `127.0.0.1:${await findFreePort()}`;
    const flags = [`--storage.path=${directory.path}`, `--web.listen-address=${address}`, '--cluster.listen-address='];
    const alertmanager = new ServiceProcess({
      name: 'alertmanager',
      command: [process.env.TEST_ALERTMANAGER ?? '', `--config.file=${file}`, ...flags],
    });
    try {
      await alertmanager.waitUntil(async () => (await fetch(`http://${address}/-/ready`)).ok, 120_000);
      const status = await fetch(`http://${address}/api/v2/status`);
      expect(await status.json()).toMatchObject({ versionInfo: { version: expect.stringMatching(/^0\.28/) } });
    } finally {
      await alertmanager.stop(5_000);
    }
  });
});

describe('a test stack', () => {
  it('is shared by those who need it and ends with the last of them, also after kill -9', async () => {
    await using directory = new StackDirectory();
    // Two shells stand for two Nx runs: each starts the task and lives on.
    const runs = [0, 1].map(() => {
      const script = `'${process.execPath}' '${READY}' '${directory.path}' && echo up; read line`;
      return spawn('sh', ['-c', script], { cwd: WORKSPACE, stdio: ['pipe', 'pipe', 'inherit'] });
    });
    await Promise.all(
      runs.map(async (shell) => {
        for await (const chunk of shell.stdout) if (String(chunk).includes('up\n')) return;
        throw new Error('the stack did not come up');
      }),
    );
    const keeper = readAnnouncement(directory.path);
    expect(keeper !== undefined && isRunning(keeper)).toBe(true);
    expect(readLockHolder(stackFiles(directory.path).lock)).toMatchObject({ pid: keeper?.pid });

    await killed(runs[0]);
    expect(isStackNeeded(directory.path)).toBe(true);
    await killed(runs[1]);
    expect(isStackNeeded(directory.path)).toBe(false);
    while (keeper !== undefined && isRunning(keeper)) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(existsSync(stackFiles(directory.path).env)).toBe(false);
  });
});

async function killed(shell: ReturnType<typeof spawn> | undefined): Promise<void> {
  if (shell === undefined) return;
  const exit = once(shell, 'exit');
  shell.kill('SIGKILL');
  await exit;
}
