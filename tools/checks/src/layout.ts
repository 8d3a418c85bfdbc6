import type { Finding } from './finding.ts';
import { findForbiddenText } from './forbidden-text.ts';
import { findSharedNumbers } from './numbered-files.ts';
import { findLooseVersions } from './pinned-versions.ts';
import { isCode, isTest, type SourceFile } from './source-file.ts';

const drawer = /^(?:utils?|helpers?|common|shared|types)$/;
const drawerSuffix = /-(?:utils?|helpers?)$/;
const mostLines = 250;
/** A table that grows with every problem there is. */
const endless = 'apps/api/src/http/problem-catalog.ts';

/** Everything about the shape of the repository that lint cannot see. */
export function checkLayout(files: readonly SourceFile[]): readonly Finding[] {
  return [
    ...files.flatMap(findDrawer),
    ...files.flatMap(findLongFile),
    ...findMissingRooms(files.map(({ path }) => path)),
    ...findSharedNumbers(files.map(({ path }) => path)),
    ...files.flatMap(findForbiddenText),
    ...findLooseVersions(files),
  ];
}

/** A drawer is a file or directory whose name says nothing of what is in it. */
function findDrawer({ path }: SourceFile): readonly Finding[] {
  if (!/^(?:apps|libs|tools|infra)\//.test(path)) return [];
  const names = path.split('/').map((name) => name.split('.', 1)[0] ?? '');
  const found = names.find((name) => drawer.test(name) || drawerSuffix.test(name));
  if (found === undefined) return [];
  return [{ path, message: `"${found}" is a drawer. Name it after what it does, or put it beside its one user.` }];
}

function findLongFile({ path, text }: SourceFile): readonly Finding[] {
  if (!isCode(path) || isTest(path) || path === endless) return [];
  const lines = text.split('\n').length - 1;
  return lines > mostLines
    ? [{ path, message: `has ${lines} lines, at most ${mostLines} are allowed. Split it by use case.` }]
    : [];
}

/** What a room of a feature demands beside it. */
const companions: readonly { readonly room: RegExp; readonly needs: (thing: string) => readonly string[] }[] = [
  {
    room: /^apps\/(?:api|worker)\/src\/(?<place>.+\/)(?<thing>[a-z-]+)-repository\.ts$/,
    needs: (thing) => [`pg-${thing}-repository.ts`, `memory-${thing}-repository.ts`, `${thing}-repository-contract.ts`],
  },
  {
    room: /^apps\/api\/src\/(?<place>.+\/)(?<thing>[a-z-]+)-service\.ts$/,
    needs: (thing) => [`${thing}-routes.ts`, `${thing}-schemas.ts`, `${thing}-errors.ts`],
  },
  {
    room: /^apps\/worker\/src\/(?<place>.+\/)(?<thing>[a-z-]+)-job\.ts$/,
    needs: (thing) => [`${thing}-job.test.ts`],
  },
];

function findMissingRooms(paths: readonly string[]): readonly Finding[] {
  const present = new Set(paths);
  return paths.flatMap((path) =>
    companions.flatMap(({ room, needs }) => {
      const { place, thing } = room.exec(path)?.groups ?? {};
      if (place === undefined || thing === undefined || /^(?:pg|memory|cached)-/.test(thing)) return [];
      const root = path.slice(0, path.indexOf(place));
      return needs(thing)
        .filter((name) => !present.has(`${root}${place}${name}`))
        .map((name) => ({ path, message: `has no ${name} beside it.` }));
    }),
  );
}
