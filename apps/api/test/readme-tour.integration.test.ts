import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { givenDirectory, requiredService, startApi } from './start-api.ts';

const run = promisify(execFile);
const readme = join(__dirname, '../../../README.md');

async function readTour(): Promise<string> {
  const text = await readFile(readme, 'utf8');
  return [...text.matchAll(/^```sh tour\n([\s\S]*?)^```$/gm)].map(([, commands]) => commands).join('');
}

it('the tour of the README works as it is written', async () => {
  await using api = await startApi();
  await using directory = await givenDirectory();
  const tour = await readTour();
  expect(tour).toContain('http://localhost:5002');
  const script = `set -euo pipefail\n${tour.replaceAll('http://localhost:5002', api.url)}`;

  const PATH = `${dirname(requiredService('TEST_CURL'))}:${process.env.PATH ?? ''}`;

  const { stdout } = await run('bash', ['-c', script], { cwd: directory.path, env: { ...process.env, PATH } });

  expect(stdout).toContain('"prefixes":["2026/"]');
  expect(stdout).toContain('byte for byte the same');
  // Without a credential it is not there to be seen.
  expect(stdout).toContain('"type":"/problems/unauthenticated"');
  await expect(readFile(join(directory.path, 'first-hundred.bin'))).resolves.toHaveLength(100);
});
