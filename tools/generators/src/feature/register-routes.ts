import type { Spellings } from '../naming.ts';

/** The composition root with the routes of a new feature; undefined where its text has no place for them that is known. */
export function registerRoutes(composition: string, plural: Spellings): string | undefined {
  const anchor = '...bucketRoutes(buckets)';
  const imports = "import type { ApiSettings } from './config/api-config.ts';\n";
  if (!composition.includes(anchor) || !composition.includes(imports)) return undefined;
  return composition
    .replace(imports, `${composeImport(plural)}\n${imports}`)
    .replace(anchor, `${anchor}, ${composeCall(plural)}`);
}

export function composeImport(plural: Spellings): string {
  return `import { compose${plural.type} } from './compose-${plural.file}.ts';`;
}

export function composeCall(plural: Spellings): string {
  return `...compose${plural.type}(db)`;
}
