import { capitalize, withArticle, type Spellings } from '../naming.ts';

/** The catalog of problems with those of a new feature; undefined where its text has no place for them that is known. */
export function registerProblems(
  catalog: string,
  feature: { thing: Spellings; plural: Spellings },
): string | undefined {
  const { thing, plural } = feature;
  const codes = `${thing.type}ErrorCode`;
  const importLine = `import type { ${codes} } from '../${plural.file}/${thing.file}-errors.ts';\n`;
  const union = /(export type ProblemCode =[^;]+);/;
  const httpErrors = "import type { HttpErrorCode } from './http-errors.ts';\n";
  const end = '\n};\n';
  if (!union.test(catalog) || !catalog.includes(end) || !catalog.includes(httpErrors)) return undefined;
  return catalog
    .replace(httpErrors, `${importLine}${httpErrors}`)
    .replace(union, `$1\n  | ${codes};`)
    .replace(end, `\n\n${problemEntries(thing)}};\n`);
}

/** The entries of the catalog, as text to add by hand where it could not be done. */
export function problemEntries(thing: Spellings): string {
  const name = withArticle(thing.words);
  return `  '${thing.file}-not-found': {
    status: 404,
    title: 'No such ${thing.words}',
    detail: 'The ${thing.words} does not exist, or you may not see it.',
  },
  '${thing.file}-name-taken': {
    status: 409,
    title: '${capitalize(thing.words)} name taken',
    detail: 'The account has ${name} of this name. Choose another one.',
  },
`;
}
