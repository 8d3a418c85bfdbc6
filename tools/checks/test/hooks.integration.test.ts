import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const repository = join(__dirname, '../../..');
const badly = 'export const a   =  "x"\n';
const well = "export const a = 'x';\n";

let root: string;

/** A repository with these hooks, a remote, and an Nx that writes down how it was called. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'stowage-hooks-'));
  for (const path of ['.githooks', '.prettierrc.json', 'commitlint.config.mjs', 'package.json']) {
    await cp(join(repository, path), join(root, path), { recursive: true });
  }
  await mkdir(join(root, 'node_modules/.bin'), { recursive: true });
  await symlink(join(repository, 'node_modules/@commitlint'), join(root, 'node_modules/@commitlint'));
  for (const program of ['lint-staged', 'prettier', 'commitlint', 'node']) {
    await symlink(join(repository, 'node_modules/.bin', program), join(root, 'node_modules/.bin', program));
  }
  const nx = join(root, 'node_modules/.bin/nx');
  await writeFile(nx, '#!/bin/sh\necho "$*" >> nx-calls\n');
  await chmod(nx, 0o755);
  await writeFile(join(root, '.gitignore'), 'node_modules\nnx-calls\nremote\n');
  await git('init', '--quiet', '--initial-branch=main');
  await git('init', '--quiet', '--bare', 'remote');
  await git('remote', 'add', 'origin', join(root, 'remote'));
  await git('add', '.');
  await git('commit', '--quiet', '--message=chore: begin');
  await git('config', 'core.hooksPath', '.githooks');
});

afterEach(() => rm(root, { recursive: true, force: true }));

const identity = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' };
const committer = { GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com' };

/** Answers what git printed; rejects with what it complained of. */
function git(...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: root, ...identity, ...committer };
  return new Promise((resolve, reject) => {
    execFile('git', args, { cwd: root, env }, (error, printed, complaints) => {
      if (error === null) resolve(printed.trim());
      else reject(new Error(complaints));
    });
  });
}

async function stage(path: string, text: string): Promise<void> {
  await writeFile(join(root, path), text);
  await git('add', path);
}

async function nxCalls(): Promise<readonly string[]> {
  return (await readFile(join(root, 'nx-calls'), 'utf8')).trim().split('\n');
}

/** What `npm ci` does at its end. */
function enableHooks(directory: string, env: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve) => {
    const program = join(repository, '.githooks/enable.mjs');
    const options = { cwd: directory, env: { PATH: process.env.PATH, ...env } };
    execFile(process.execPath, [program], options, (error) => resolve(error === null ? 0 : 1));
  });
}

describe('npm ci', () => {
  it('turns the hooks on in a checkout', async () => {
    await git('config', '--unset', 'core.hooksPath');
    expect(await enableHooks(root)).toBe(0);
    expect(await git('config', '--local', 'core.hooksPath')).toBe('.githooks');
  });

  it('leaves hooks alone that were chosen', async () => {
    await git('config', 'core.hooksPath', '/dev/null');
    expect(await enableHooks(root)).toBe(0);
    expect(await git('config', '--local', 'core.hooksPath')).toBe('/dev/null');
  });

  it('does nothing and does not fail in CI, outside of a checkout, and without git', async () => {
    await git('config', '--unset', 'core.hooksPath');
    const outside = await mkdtemp(join(tmpdir(), 'stowage-no-checkout-'));
    expect(await enableHooks(root, { CI: 'true' })).toBe(0);
    expect(await enableHooks(outside)).toBe(0);
    expect(await enableHooks(root, { PATH: outside })).toBe(0);
    await rm(outside, { recursive: true });
    await expect(git('config', '--local', 'core.hooksPath')).rejects.toThrow();
  });
});

describe('pre-commit', () => {
  it('formats what is staged', async () => {
    await stage('a.ts', badly);
    await git('commit', '--message=feat: a');
    expect(await git('show', 'HEAD:a.ts')).toBe(well.trim());
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('leaves alone what is not staged', async () => {
    await stage('a.ts', badly);
    await writeFile(join(root, 'b.ts'), badly);
    await git('commit', '--message=feat: a');
    expect(await readFile(join(root, 'b.ts'), 'utf8')).toBe(badly);
  });

  it('refuses a commit of named paths that are not formatted', async () => {
    await stage('a.ts', badly);
    await expect(git('commit', '--message=feat: a', '--', 'a.ts')).rejects.toThrow('npx prettier --write');
    await stage('a.ts', well);
    await git('commit', '--message=feat: a', '--', 'a.ts');
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('lets a commit pass where the packages are not installed', async () => {
    await rm(join(root, 'node_modules'), { recursive: true });
    await stage('a.ts', badly);
    await git('commit', '--message=feat: a');
    expect(await git('show', 'HEAD:a.ts')).toBe(badly.trim());
  });
});

describe('commit-msg', () => {
  it.each(['feat(objects): list them', 'fix(libs/db): Redis is not PostgreSQL', 'docs: say why'])(
    'takes %j',
    async (title) => {
      await git('commit', '--allow-empty', `--message=${title}`);
      expect(await git('log', '-1', '--format=%s')).toBe(title);
    },
  );

  it.each(['List objects', 'feature: list objects', 'feat(objects):'])('refuses %j', async (title) => {
    await expect(git('commit', '--allow-empty', `--message=${title}`)).rejects.toThrow('problem');
  });

  it('is skipped by --no-verify', async () => {
    await git('commit', '--allow-empty', '--no-verify', '--message=List objects');
    expect(await git('log', '-1', '--format=%s')).toBe('List objects');
  });
});

describe('pre-push', () => {
  it('runs everything when the remote has nothing', async () => {
    await git('push', '--quiet', 'origin', 'main');
    expect(await nxCalls()).toEqual(['run-many -t lint typecheck test']);
  });

  it('runs what differs from what the remote has', async () => {
    await git('push', '--quiet', '--no-verify', 'origin', 'main');
    const base = await git('rev-parse', 'HEAD');
    await git('commit', '--allow-empty', '--message=feat: more');
    await git('push', '--quiet', 'origin', 'main');
    await git('switch', '--quiet', '--create', 'topic');
    await git('commit', '--allow-empty', '--message=feat: yet more');
    await git('push', '--quiet', 'origin', 'topic');
    const fork = await git('rev-parse', 'HEAD~1');
    const affected = [base, fork].map((commit) => `affected --base=${commit} --head=HEAD -t lint typecheck test`);
    expect(await nxCalls()).toEqual(affected);
  });

  it('runs nothing when a branch is deleted', async () => {
    await git('push', '--quiet', '--no-verify', 'origin', 'main', 'main:topic');
    await git('push', '--quiet', '--delete', 'origin', 'topic');
    await expect(nxCalls()).rejects.toThrow('ENOENT');
  });

  it('keeps back what fails', async () => {
    await writeFile(join(root, 'node_modules/.bin/nx'), '#!/bin/sh\nexit 1\n');
    await expect(git('push', '--quiet', 'origin', 'main')).rejects.toThrow('failed to push');
  });
});
