import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isMissing } from '../missing-file.ts';
import { listRepositoryFiles } from '../repository-files.ts';

export interface ProgramResult {
  readonly exitCode: number;
  /** Standard output. */
  readonly printed: string;
  /** Standard error. */
  readonly complaints: string;
}

/** A copy of the repository that a test may change, with the packages of the original. */
export interface WorkspaceCopy extends AsyncDisposable {
  readonly root: string;
  /** Writes a file, its directories too. */
  write(path: string, text: string): Promise<void>;
  /** Runs a program of node_modules/.bin at the root of the copy, or in a directory of it. */
  run(command: readonly [string, ...string[]], directory?: string): Promise<ProgramResult>;
}

const repository = join(__dirname, '../../../..');

/** Copies what git tracks or would; what it ignores stays behind. */
export async function givenWorkspaceCopy(): Promise<WorkspaceCopy> {
  const root = await mkdtemp(join(tmpdir(), 'stowage-workspace-'));
  for (const path of await listRepositoryFiles(repository)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    // Another process may be rewriting the original; what has just gone is not missed.
    await cp(join(repository, path), join(root, path)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
  await linkPackages(root);
  await promisify(execFile)('git', ['init', '--quiet'], { cwd: root });
  return {
    root,
    write: async (path, text) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    },
    run: (command, directory = '.') => runIn(root, directory, command),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Packages are the original's; the projects of the workspace are the copy's own. */
async function linkPackages(root: string): Promise<void> {
  const packages = join(root, 'node_modules');
  await mkdir(join(packages, '@stowage'), { recursive: true });
  for (const name of await readdir(join(repository, 'node_modules'))) {
    if (name === '@stowage' || name === '.cache') continue;
    await symlink(join(repository, 'node_modules', name), join(packages, name));
  }
  for (const group of ['apps', 'libs', 'tools']) {
    for (const project of await readdir(join(root, group))) {
      await symlink(join(root, group, project), join(packages, '@stowage', project));
    }
  }
}

function runIn(
  root: string,
  directory: string,
  [program, ...args]: readonly [string, ...string[]],
): Promise<ProgramResult> {
  const bin = join(root, 'node_modules/.bin');
  // Variables of the Nx task that runs this test would tie a nested Nx to the original workspace.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('NX_') && name !== 'NODE_OPTIONS');
  const env = {
    ...Object.fromEntries(inherited),
    PATH: `${bin}:${process.env.PATH ?? ''}`,
    NX_DAEMON: 'false',
    FORCE_COLOR: '0',
  };
  return new Promise((resolve) => {
    execFile(
      join(bin, program),
      args,
      { cwd: join(root, directory), env, maxBuffer: 64 * 1024 ** 2 },
      (error, printed, complaints) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ exitCode, printed, complaints });
      },
    );
  });
}
