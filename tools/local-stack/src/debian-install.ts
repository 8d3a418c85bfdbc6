import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findDebianSource, parseDeb822Sources, parseOneLineSources, renderSource } from './apt-sources.ts';
import type { AptSource } from './apt-sources.ts';
import { DEBIAN_PACKAGES, DEBIAN_SUITE, SKIPPED_PACKAGES } from './debian-packages.ts';
import type { DebianProgram } from './debian-packages.ts';
import { DebianTree, findArchitecture } from './debian-tree.ts';
import { findOnPath } from './executable-path.ts';
import { parsePrintedUris } from './printed-uris.ts';
import type { DebianArchive } from './printed-uris.ts';
import { runProgram } from './run-program.ts';
import { ServiceFailedError } from './service-failed-error.ts';
import { endWithParent } from './service-process.ts';
import type { StackContext } from './stack.ts';

const UNPACK = 'dpkg-deb --fsys-tarfile "$1" | tar --extract --directory "$2" --no-same-owner "$3" "$4" "$5"';
const UNPACK_WITHOUT = ['doc', 'man', 'locale'].map((name) => `--exclude=./usr/share/${name}`);

/**
 * Downloads and unpacks what the programs need, once; the machine's own packages are not touched and root is not needed.
 * @param directory keeps the unpacked tree, the downloaded archives and apt's lists
 * @throws ServiceFailedError when the machine has no Debian packages to offer or a download fails
 */
export async function installDebianPrograms(
  context: StackContext,
  directory: string,
  programs: readonly DebianProgram[],
): Promise<DebianTree> {
  const packages = programs.flatMap((program) => [...DEBIAN_PACKAGES[program]]).sort();
  const tree = join(directory, `tree-${fingerprint(packages)}`);
  if (existsSync(tree)) return new DebianTree(tree);
  const apt = prepareApt(context, directory);
  context.report(`reading the package lists of Debian ${DEBIAN_SUITE}`);
  await apt(['update', '-qq', '--error-on=any']);
  const printed = await apt(['install', '--print-uris', '-qq', '--yes', ...packages]);
  const archives = parsePrintedUris(printed).filter(({ name }) => !SKIPPED_PACKAGES.has(name));
  await download(context, apt, { archives, into: join(directory, 'archives') });
  // What a killed run left may still be written to, so each run unpacks into a place of its own.
  const draft = `${tree}.${process.pid}`;
  const files = archives.map(({ file }) => join(directory, 'archives', file));
  await unpack(context, files, draft);
  removeOtherTrees(directory, draft);
  renameSync(draft, tree); // only a whole tree ever has this name
  return new DebianTree(tree);
}

function fingerprint(packages: readonly string[]): string {
  const asked = [DEBIAN_SUITE, findArchitecture().debian, ...packages, ...SKIPPED_PACKAGES];
  return createHash('sha256').update(asked.join(' ')).digest('hex').slice(0, 12);
}

type Apt = (args: readonly string[], cwd?: string) => Promise<string>;

/** An apt-get with a state of its own, which believes that nothing is installed. */
function prepareApt({ signal }: StackContext, directory: string): Apt {
  if (findOnPath('apt-get') === undefined || findOnPath('dpkg-deb') === undefined) {
    throw new ServiceFailedError(
      'The integration tests take Ceph and Prometheus, also Redis and Chromium where they are missing, from Debian packages, and this machine has no apt-get and dpkg-deb. ' +
        'Run them on Debian 12 or newer, or in a container of it.',
    );
  }
  const apt = join(directory, 'apt');
  for (const path of ['state/lists/partial', 'cache/archives/partial']) mkdirSync(join(apt, path), { recursive: true });
  writeFileSync(join(apt, 'status'), '');
  writeFileSync(
    join(apt, 'debian.sources'),
    renderSource({ ...machineSource(), suites: [DEBIAN_SUITE], components: ['main'] }),
  );
  const settings = [
    `Dir::State=${apt}/state`,
    `Dir::State::status=${apt}/status`,
    `Dir::Cache=${apt}/cache`,
    `Dir::Etc::sourcelist=${apt}/debian.sources`,
    `Dir::Etc::sourceparts=/dev/null`,
    `Dir::Etc::preferences=/dev/null`,
    `Dir::Etc::preferencesparts=/dev/null`,
    `APT::Architecture=${findArchitecture().debian}`,
    'APT::Install-Recommends=false',
    'APT::Sandbox::User=root', // apt's own user cannot write here
    'Acquire::Languages=none',
    'Acquire::Retries=3',
  ].flatMap((setting) => ['-o', setting]);
  return (args, cwd) =>
    runProgram([...endWithParent('TERM'), 'apt-get', ...settings, ...args], {
      name: `apt-get ${args[0] ?? ''}`,
      signal,
      ...(cwd !== undefined && { cwd }),
    });
}

/** The mirror and the keys that the machine's administrator chose. */
function machineSource(): AptSource {
  const files = ['/etc/apt/sources.list', ...listFiles('/etc/apt/sources.list.d')].filter((file) => existsSync(file));
  const sources = files.flatMap((file) => {
    if (file.endsWith('.sources')) return parseDeb822Sources(readFileSync(file, 'utf8'));
    return file.endsWith('.list') ? parseOneLineSources(readFileSync(file, 'utf8')) : [];
  });
  const codename = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
  const source = findDebianSource(sources, codename);
  if (source !== undefined) return source;
  throw new ServiceFailedError(
    `No source of Debian's packages was found in ${files.join(', ')}. Add one for ${codename}, component main.`,
  );
}

function listFiles(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];
}

interface Download {
  readonly archives: readonly DebianArchive[];
  readonly into: string;
}

async function download(context: StackContext, apt: Apt, { archives, into }: Download): Promise<void> {
  mkdirSync(into, { recursive: true });
  const megabytes = Math.ceil(archives.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1e6);
  context.report(`downloading ${archives.length} packages, ${megabytes} MB`);
  const wanted = new Set(archives.map(({ file }) => file));
  for (const file of readdirSync(into)) if (!wanted.has(file)) rmSync(join(into, file), { recursive: true });
  // apt-get keeps what is there and has the right checksum, and goes on with what an earlier run had begun.
  await apt(['download', '-qq', ...archives.map(({ name, version }) => `${name}=${version}`)], into);
}

async function unpack(context: StackContext, archives: readonly string[], into: string): Promise<void> {
  context.report(`unpacking ${archives.length} packages`);
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into);
  const queue = [...archives];
  const worker = async (): Promise<void> => {
    for (let archive = queue.pop(); archive !== undefined; archive = queue.pop()) {
      await runProgram(['sh', '-c', UNPACK, 'sh', archive, into, ...UNPACK_WITHOUT], { signal: context.signal });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

function removeOtherTrees(directory: string, kept: string): void {
  for (const path of listFiles(directory)) {
    if (path.startsWith(join(directory, 'tree-')) && path !== kept)
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  }
}
