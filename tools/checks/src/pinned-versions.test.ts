import { describe, expect, it } from '@jest/globals';
import { findLooseVersions } from './pinned-versions.ts';

function lockfile(packages: Readonly<Record<string, string>>): { path: string; text: string } {
  const entries = Object.entries(packages).map(([name, version]) => [`node_modules/${name}`, { version }] as const);
  return { path: 'package-lock.json', text: JSON.stringify({ packages: Object.fromEntries(entries) }) };
}

describe('findLooseVersions', () => {
  it.each(['^8.3.0', '~8.3.0', '>=8', 'latest', '8', '*'])('finds the range %s', (version) => {
    const manifest = { path: 'package.json', text: JSON.stringify({ dependencies: { helmet: version } }) };
    expect(findLooseVersions([manifest])).toEqual([
      { path: 'package.json', message: `helmet is "${version}". Pin one exact version.` },
    ]);
  });

  it('takes exact versions, also of pre-releases', () => {
    const text = JSON.stringify({ dependencies: { helmet: '8.3.0' }, devDependencies: { postgres: '18.4.0-beta.17' } });
    expect(findLooseVersions([{ path: 'package.json', text }])).toEqual([]);
  });

  it('finds a package of Nx with a version of its own, wherever it is installed', () => {
    const findings = findLooseVersions([
      lockfile({ nx: '23.2.1', '@nx/js': '23.2.1', 'other/node_modules/nx': '24.0.6', '@nx/jest': '23.2.0' }),
    ]);
    expect(findings.map(({ message }) => message)).toEqual([
      'nx is 24.0.6, nx is 23.2.1. All packages of Nx carry one version.',
      '@nx/jest is 23.2.0, nx is 23.2.1. All packages of Nx carry one version.',
    ]);
  });

  it('takes one version of Nx', () => {
    expect(findLooseVersions([lockfile({ nx: '23.2.1', '@nx/js': '23.2.1', nxt: '1.0.0' })])).toEqual([]);
  });
});
