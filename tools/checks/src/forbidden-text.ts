import type { Finding } from './finding.ts';
import { isCode, isTest, matches, type SourceFile } from './source-file.ts';

interface ForbiddenText {
  readonly pattern: RegExp;
  readonly in: (path: string) => boolean;
  readonly message: string;
}

const isLockfile = (path: string): boolean => path === 'package-lock.json';
const isThisFile = (path: string): boolean => path === 'tools/checks/src/forbidden-text.ts';
const isAuthored = (path: string): boolean => !isLockfile(path) && !isThisFile(path);

const forbidden: readonly ForbiddenText[] = [
  {
    pattern: /\b(?:it|test|describe)\.(?:skip|only|todo|failing)\b|\b[xf](?:it|test|describe)\(/,
    in: isTest,
    message: 'A test is skipped, or keeps the others from running. Mend it or delete it.',
  },
  {
    pattern: /\b(?:TODO|FIXME|HACK)\b(?!\(#\d+\))/,
    in: (path) => isCode(path) && !isThisFile(path),
    message: 'Name the issue, as in "TODO(#12)", or do it now.',
  },
  { pattern: /^export \*/, in: isCode, message: 'List what you export.' },
  {
    pattern: /\bregistry\.(?:npmjs\.org|yarnpkg\.com)\b|\/\/registry\.|\bartifactory\b|_authToken|\bpypi\.org\b/,
    in: isAuthored,
    message: 'names a package registry. Which one is used is a setting of the machine.',
  },
  {
    pattern: /(?<![\w./-])\/(?:home|Users|root|work)\/[\w.-]{2,}/,
    in: isAuthored,
    message: 'is a path of one machine. Use one that begins at the workspace, or a temporary directory.',
  },
  {
    pattern: /"resolved": "https?:/,
    in: isLockfile,
    message: 'is a download address. Make the lockfile anew with the .npmrc of this repository.',
  },
];

/** Text that has no place in the repository, each with its line. */
export function findForbiddenText(file: SourceFile): readonly Finding[] {
  return forbidden
    .filter((rule) => rule.in(file.path))
    .flatMap(({ pattern, message }) =>
      [...matches(file, pattern)].map(({ line, match }) => ({
        path: file.path,
        line,
        message: `${match.trim()}: ${message}`,
      })),
    );
}
