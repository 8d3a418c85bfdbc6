import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTER_ID, DISK_ID, renderCephConfiguration } from './ceph-configuration.ts';
import type { DebianTree } from './debian-tree.ts';
import { findFreePort } from './ports.ts';
import { runProgram } from './run-program.ts';
import { endWithParent } from './service-process.ts';
import type { StackContext } from './stack.ts';

const ACCESS_KEY = 'test';
const SECRET_KEY = 'testtest';
const START_DEADLINE_MS = 60_000;

export interface S3Options {
  /** Emptied at each start. */
  readonly directory: string;
  /** Has Ceph's packages. */
  readonly tree: DebianTree;
}

/**
 * Starts Ceph's S3 gateway with a cluster of its own in memory, and waits until it answers.
 * @returns its URL, with the access key and the secret as user and password
 * @throws ServiceFailedError when it does not come up
 */
export async function startS3(context: StackContext, { directory, tree }: S3Options): Promise<string> {
  rmSync(directory, { recursive: true, force: true });
  for (const name of ['mon', 'osd', 'run', 'log', 'gateway']) mkdirSync(join(directory, name), { recursive: true });
  const monitorPort = await findFreePort();
  const configuration = join(directory, 'ceph.conf');
  writeFileSync(configuration, renderCephConfiguration({ directory, libraries: tree.libraries, monitorPort }));
  const ceph = (program: string, ...args: string[]): string[] => [
    ...tree.command(`usr/bin/${program}`),
    ...args,
    ...(program.startsWith('ceph-authtool') || program.endsWith('maptool') ? [] : ['-c', configuration]),
  ];
  const deadline = AbortSignal.any([context.signal, AbortSignal.timeout(START_DEADLINE_MS)]);
  const run: Run = (program, ...args) => runProgram(ceph(program, ...args), { signal: deadline });
  const launch = (program: string, ...args: string[]): ReturnType<StackContext['launch']> =>
    context.launch({
      name: program,
      command: [...endWithParent('KILL'), ...ceph(program, ...args, '-f')],
      stopSignal: 'SIGKILL',
    });

  await makeCluster(run, { directory, monitorPort });
  launch('ceph-mon', '-i', 'a');
  launch('ceph-osd', '-i', '0');
  const user = ['--uid=test', '--display-name=test', `--access-key=${ACCESS_KEY}`, `--secret-key=${SECRET_KEY}`];
  await run('radosgw-admin', 'user', 'create', ...user);
  const port = await findFreePort();
  // Without tcp_nodelay small answers wait for the client's delayed acknowledgement, 40 ms.
  const frontend = `--rgw-frontends=beast endpoint=127.0.0.1:${port} tcp_nodelay=1`;
  const gateway = launch('radosgw', '-n', 'client.admin', `--rgw-data=${join(directory, 'gateway')}`, frontend);
  await gateway.waitUntil(() => answersHttp(port), START_DEADLINE_MS);
  return `http://${ACCESS_KEY}:${SECRET_KEY}@127.0.0.1:${port}`;
}

type Run = (program: string, ...args: string[]) => Promise<string>;

/** Makes the keys, the maps and the empty data of a cluster that has one monitor and one disk from its first moment. */
async function makeCluster(run: Run, place: { directory: string; monitorPort: number }): Promise<void> {
  const { directory, monitorPort } = place;
  const keyring = join(directory, 'keyring');
  const monitorMap = join(directory, 'monmap');
  const diskMap = join(directory, 'osdmap');
  writeFileSync(keyring, '');
  const everything = ['mon', 'osd', 'mgr'].flatMap((service) => ['--cap', service, 'allow *']);
  for (const entity of ['mon.', 'client.admin', 'osd.0']) {
    await run('ceph-authtool', keyring, '--gen-key', '-n', entity, ...everything);
  }
  const address = `[v2:127.0.0.1:${monitorPort}]`;
  await run('monmaptool', '--create', '--addv', 'a', address, '--fsid', CLUSTER_ID, monitorMap);
  await run('osdmaptool', '--createsimple', '1', diskMap);
  await Promise.all([
    run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', monitorMap, '--osdmap', diskMap, '--keyring', keyring),
    run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', DISK_ID, '--no-mon-config'), // the monitor is not up yet
  ]);
}

async function answersHttp(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) });
  return answer.ok;
}
