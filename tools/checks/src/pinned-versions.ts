import { z } from 'zod';
import type { Finding } from './finding.ts';
import type { SourceFile } from './source-file.ts';

const versions = z.record(z.string(), z.string()).default({});
const manifest = z.object({ dependencies: versions, devDependencies: versions, optionalDependencies: versions });
const lockfile = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

const exact = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;
const nxPackage = /(?:^|\/)node_modules\/(?<name>nx|@nx\/[^/]+)$/;

/** Versions that are not exact, and packages of Nx that are not all of one version. */
export function findLooseVersions(files: readonly SourceFile[]): readonly Finding[] {
  return files.flatMap((file) => {
    if (file.path === 'package.json') return findRanges(file);
    if (file.path === 'package-lock.json') return findSecondNx(file);
    return [];
  });
}

function findRanges({ path, text }: SourceFile): readonly Finding[] {
  const { dependencies, devDependencies, optionalDependencies } = manifest.parse(JSON.parse(text));
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, version]) => !exact.test(version))
    .map(([name, version]) => ({ path, message: `${name} is "${version}". Pin one exact version.` }));
}

function findSecondNx({ path, text }: SourceFile): readonly Finding[] {
  const installed = Object.entries(lockfile.parse(JSON.parse(text)).packages).flatMap(([place, { version }]) => {
    const name = nxPackage.exec(place)?.groups?.name;
    return name === undefined || version === undefined ? [] : [{ name, version }];
  });
  const wanted = installed.find(({ name }) => name === 'nx')?.version ?? 'missing';
  return installed
    .filter(({ version }) => version !== wanted)
    .map(({ name, version }) => ({
      path,
      message: `${name} is ${version}, nx is ${wanted}. All packages of Nx carry one version.`,
    }));
}
