import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { apiSettings } from '@stowage/api/config';
import { problemCatalog } from '@stowage/api/problem-catalog';
import { workerSettings } from '@stowage/worker/config';
import { renderConfigurationDocs, type AppSettings } from './configuration-docs.ts';
import type { Finding } from './finding.ts';
import { isMissing, readIfPresent } from './missing-file.ts';
import { renderProblemDocs } from './problem-docs.ts';

const apps: readonly AppSettings[] = [
  {
    app: 'The API',
    path: 'apps/api/src/config/api-config.ts',
    settings: apiSettings,
    requiredInProduction: '`DATABASE_URL` or `DATABASE_HOST`, `REDIS_URL`, `S3_BUCKET`, `PUBLIC_URL`',
  },
  {
    app: 'The worker',
    path: 'apps/worker/src/config/worker-config.ts',
    settings: workerSettings,
    requiredInProduction: '`DATABASE_URL` or `DATABASE_HOST`, `S3_BUCKET`',
  },
];

const problemsDirectory = 'docs/problems';

/** Every generated document, by path from the root of the workspace. */
export function renderDocuments(): ReadonlyMap<string, string> {
  return new Map([['docs/configuration.md', renderConfigurationDocs(apps)], ...renderProblemDocs(problemCatalog)]);
}

/** Writes the documents and removes the pages of problems that are gone. */
export async function writeDocuments(root: string, documents: ReadonlyMap<string, string>): Promise<void> {
  for (const path of await strayPages(root, documents)) await rm(join(root, path));
  for (const [path, text] of documents) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** Documents that are missing, differ from the code, or describe what is gone. */
export async function checkDocuments(
  root: string,
  documents: ReadonlyMap<string, string>,
): Promise<readonly Finding[]> {
  const remedy = 'Run "npx nx run checks:docs" and commit what it writes.';
  const stray = (await strayPages(root, documents)).map((path) => ({
    path,
    message: `describes a problem that is gone. ${remedy}`,
  }));
  const drifted: Finding[] = [];
  for (const [path, text] of documents) {
    if ((await readIfPresent(join(root, path))) !== text)
      drifted.push({ path, message: `differs from the code. ${remedy}` });
  }
  return [...stray, ...drifted];
}

async function strayPages(root: string, documents: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const names = await listIfPresent(join(root, problemsDirectory));
  return names.map((name) => `${problemsDirectory}/${name}`).filter((path) => !documents.has(path));
}

async function listIfPresent(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
