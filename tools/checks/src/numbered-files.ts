import { basename, dirname } from 'node:path/posix';
import type { Finding } from './finding.ts';

const numbered = /^(?:docs\/adr|libs\/db\/migrations)\/\d{4}-/;

/** Decisions and migrations are named by their number, so no two may share one. */
export function findSharedNumbers(paths: readonly string[]): readonly Finding[] {
  const firstOf = new Map<string, string>();
  return paths
    .filter((path) => numbered.test(path))
    .flatMap((path) => {
      const number = `${dirname(path)}/${basename(path).slice(0, 4)}`;
      const first = firstOf.get(number);
      if (first !== undefined)
        return [{ path, message: `has the number of ${basename(first)}. Take the next free one.` }];
      firstOf.set(number, path);
      return [];
    });
}
