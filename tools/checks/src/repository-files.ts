import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SourceFile } from './source-file.ts';

const run = promisify(execFile);

/** Paths of the files in a checkout: those that git tracks and those it would, without those that are ignored or deleted. */
export async function listRepositoryFiles(root: string): Promise<readonly string[]> {
  const options = { cwd: root, maxBuffer: 64 * 1024 ** 2 };
  const [present, deleted] = await Promise.all([
    run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options),
    run('git', ['ls-files', '-z', '--deleted'], options),
  ]);
  const gone = new Set(deleted.stdout.split('\0'));
  return [...new Set(present.stdout.split('\0'))].filter((path) => path !== '' && !gone.has(path)).sort();
}

/** The text files of a checkout; what holds a NUL is no text. */
export async function readRepositoryFiles(root: string): Promise<readonly SourceFile[]> {
  const paths = await listRepositoryFiles(root);
  const files = await Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })),
  );
  return files.filter(({ text }) => !text.includes('\0'));
}
