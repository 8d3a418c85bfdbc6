import { describe, expect, it } from '@jest/globals';
import { findForbiddenText } from './forbidden-text.ts';

/** Text written in parts, so that this file is not found itself. */
function joined(...parts: readonly string[]): string {
  return parts.join('');
}

const planted: readonly (readonly [fault: string, path: string, text: string])[] = [
  ['a skipped test', 'libs/db/src/a.test.ts', joined('  it.', "skip('works', () => {});")],
  ['a focused test', 'libs/db/test/a.integration.test.ts', joined('  describe.', "only('works', () => {});")],
  ['a test switched off by its name', 'libs/db/src/a.test.ts', joined('x', "it('works', () => {});")],
  ['work without an issue', 'libs/db/src/a.ts', joined('// TO', 'DO: later')],
  ['an export of everything', 'libs/db/src/index.ts', joined('export ', "* from './a.ts';")],
  ['a registry', '.npmrc', joined('registry=https:/', '/registry.', 'npmjs.org/')],
  ['a token for a registry', '.npmrc', joined('//host/:_auth', 'Token=secret')],
  ['a path of one machine', 'docs/setup.md', joined('cd /', 'home/ada/stowage')],
  ['a download address in the lockfile', 'package-lock.json', joined('      "resolved": "', 'https://host/a.tgz",')],
];

const allowed: readonly (readonly [what: string, path: string, text: string])[] = [
  ['a test', 'libs/db/src/a.test.ts', "it('skips what is done', () => {});"],
  ['work with an issue', 'libs/db/src/a.ts', joined('// ', 'TODO(#12): later')],
  ['a list of exports', 'libs/db/src/index.ts', "export { a } from './a.ts';"],
  ['a link to a project in the lockfile', 'package-lock.json', '      "resolved": "libs/db",'],
  ['a path of a route', 'apps/api/src/a.ts', "const path = '/v1/home/page';"],
];

describe('findForbiddenText', () => {
  it.each(planted)('finds %s', (_fault, path, text) => {
    expect(findForbiddenText({ path, text: `first line\n${text}\n` })).toEqual([
      expect.objectContaining({ path, line: 2 }),
    ]);
  });

  it.each(allowed)('takes %s', (_what, path, text) => {
    expect(findForbiddenText({ path, text })).toEqual([]);
  });
});
