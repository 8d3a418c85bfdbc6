import type { Environment } from '../environments/environment.ts';
import { page, table } from './markdown.ts';
import type { SynthesizedEnvironment } from './synthesized-environment.ts';

/** In which settings environments differ, and in which they agree. */
export function renderEnvironments(environments: readonly SynthesizedEnvironment[]): string {
  const settings = environments.map(({ environment }) => new Map(flatten(environment)));
  const paths = [...new Set(settings.flatMap((all) => [...all.keys()]))];
  const rows = paths.map((path) => [`\`${path}\``, ...settings.map((all) => all.get(path) ?? '–')]);
  const isSame = ([, first, ...others]: readonly string[]) => others.every((value) => value === first);
  const head = ['setting', ...environments.map(({ environment }) => environment.name)];
  return page('Environments', [
    'Values of [src/environments](../../infra/cdktf/src/environments); nothing else in the code knows which environment it is in.',
    '## Where they differ',
    table(
      head,
      rows.filter((row) => !isSame(row)),
    ),
    '## Where they agree',
    table(
      head.slice(0, 2).with(1, 'all'),
      rows.filter(isSame).map((row) => row.slice(0, 2)),
    ),
  ]);
}

function flatten(value: Environment | object, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, part]: [string, unknown]): readonly (readonly [string, string])[] => {
    const at = path === '' ? key : `${path}.${key}`;
    if (Array.isArray(part)) return [[at, part.length === 0 ? 'none' : part.map(textOf).join(', ')]];
    return typeof part === 'object' && part !== null ? flatten(part, at) : [[at, String(part)]];
  });
}

function textOf(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item);
}
