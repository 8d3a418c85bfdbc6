import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Load } from '../bench.ts';
import type { Row } from '../row.ts';

const run = promisify(execFile);

/** What Nx runs after a change of one file of a library: that library and whatever imports it, found here by reading. */
export const affected: Load = async () => {
  const projects = readProjects();
  const rows: Row[] = [];
  for (const { name, root } of projects.values()) {
    if (root.startsWith('libs/')) rows.push(await compare(name, root, projects));
  }
  return rows;
};

interface Project {
  readonly name: string;
  readonly root: string;
  readonly packageName: string;
  /** Projects named in its package.json as ones it depends on without importing them. */
  readonly declared: readonly string[];
}

interface PackageJson {
  readonly name: string;
  readonly nx?: { readonly name?: string; readonly implicitDependencies?: readonly string[] };
}

function readProjects(): ReadonlyMap<string, Project> {
  const files = globSync('{apps,libs,tools}/*/package.json');
  const projects = files.map((file): Project => {
    const { name: packageName, nx } = JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
    const name = nx?.name ?? packageName;
    return { name, packageName, root: file.replace('/package.json', ''), declared: nx?.implicitDependencies ?? [] };
  });
  return new Map(projects.map((project) => [project.name, project]));
}

async function compare(name: string, root: string, projects: ReadonlyMap<string, Project>): Promise<Row> {
  const { stdout } = await run(
    'npx',
    ['nx', 'show', 'projects', '--affected', `--files=${root}/src/index.ts`, '--json'],
    {
      env: { ...process.env, NX_DAEMON: 'false' },
    },
  );
  const touched = (JSON.parse(stdout.slice(stdout.indexOf('['))) as string[]).sort();
  const expected = dependentsOf(name, projects).sort();
  return {
    work: `nx affected: one file of ${root}`,
    floor: expected.join(', '),
    subject: touched.join(', '),
    ratio: touched.join() === expected.join() ? 'the same' : 'differs',
    budget: 'it and its dependents',
    passes: touched.join() === expected.join(),
    figures: { projects: touched.length, expected: expected.length },
  };
}

function dependentsOf(name: string, projects: ReadonlyMap<string, Project>): string[] {
  const found = new Set([name]);
  for (const known of found) {
    for (const project of projects.values()) if (dependsOn(project, projects.get(known))) found.add(project.name);
  }
  return [...found];
}

function dependsOn({ root, declared }: Project, other: Project | undefined): boolean {
  if (other === undefined || other.root === root) return false;
  if (declared.includes(other.name)) return true;
  return globSync(`${root}/**/*.{ts,mjs}`, { exclude: ['**/node_modules/**'] }).some((file) => {
    const text = readFileSync(file, 'utf8');
    return text.includes(`from '${other.packageName}'`) || text.includes(`from '${other.packageName}/`);
  });
}
