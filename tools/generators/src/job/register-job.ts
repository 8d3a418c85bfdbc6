import type { Spellings } from '../naming.ts';

export interface JobEntry {
  readonly name: Spellings;
  readonly cron: string;
  readonly shards: number;
}

/** The catalog with an entry more; undefined where its text has no place for it that is known. */
export function addToCatalog(catalog: string, entry: string): string | undefined {
  const empty = 'jobCatalog = {} as const';
  const end = '\n} as const satisfies';
  if (catalog.includes(empty)) return catalog.replace(empty, () => `jobCatalog = {\n${entry}} as const`);
  return catalog.includes(end) ? catalog.replace(end, () => `\n${entry}} as const satisfies`) : undefined;
}

/** The composition with a job more; undefined where its text has no place for it that is known. */
export function addToComposition(
  composition: string,
  { imports, entry }: { readonly imports: string; readonly entry: string },
): string | undefined {
  const jobs = /const jobs: [^=]+ = \{/;
  const neighbour = "import type { JobSet, WorkerStores } from './job-set.ts';\n";
  if (!jobs.test(composition) || !composition.includes(neighbour)) return undefined;
  return composition
    .replace(neighbour, () => neighbour + imports)
    .replace(jobs, (beginning) => `${beginning}\n${entry}`);
}

/** The entry of the catalog, as text to add by hand where it could not be done. */
export function catalogEntry({ name, cron, shards }: JobEntry): string {
  return `  '${name.file}': {
    description: 'Does ${name.words}.',
    sharding: 'sharded',
    outcomes: ['read'],
    schedule: { cron: '${cron}', shards: ${shards} },
  },
`;
}

export function composeImports({ file, type }: Spellings): string {
  return `import { Pg${type}Repository } from './${file}/pg-${file}-repository.ts';
import { ${type}Job } from './${file}/${file}-job.ts';
`;
}

export function composeEntry({ file, type }: Spellings): string {
  return `  '${file}': ({ db }) => new ${type}Job({ db, repository: new Pg${type}Repository(db) }),\n`;
}
