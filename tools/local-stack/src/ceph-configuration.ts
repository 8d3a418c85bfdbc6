import { join } from 'node:path';

/** Identity of the one cluster and its one disk; nothing outside a test run ever sees them. */
export const CLUSTER_ID = '11111111-1111-1111-1111-111111111111';
export const DISK_ID = '22222222-2222-2222-2222-222222222222';

export interface CephOptions {
  /** Holds everything of the cluster. */
  readonly directory: string;
  /** Directory of Ceph's libraries, with its plug-ins below. */
  readonly libraries: string;
  /** Port of the monitor. */
  readonly monitorPort: number;
}

type Settings = Readonly<Record<string, string | number | boolean>>;

const SMALL_QUICK_VOLATILE: Settings = {
  // One disk, one copy.
  'osd objectstore': 'memstore',
  'memstore device bytes': 16 * 2 ** 30,
  'osd pool default size': 1,
  'osd pool default min size': 1,
  'osd pool default pg num': 1,
  'osd pool default pgp num': 1,
  'osd pool default pg autoscale mode': 'off',
  'osd crush chooseleaf type': 0,
  'mon allow pool size one': true,
  'mon max pg per osd': 1_000,
  'mon data avail warn': 2, // percent of the machine's own disk; the monitor stops when it is short of it
  'mon data avail crit': 1,
  // Each new pool waits for several of the monitor's rounds; one a second made a start take 20 s.
  'paxos propose interval': 0.02,
  'paxos min wait': 0.01,
  // Deleted bytes are memory: give it back in seconds instead of hours.
  'rgw gc obj min wait': 10,
  'rgw gc processor period': 10,
  'rgw gc processor max time': 10,
};

/** Renders `ceph.conf` of a cluster with one monitor and one disk that is in memory: small, quick and without durability. */
export function renderCephConfiguration({ directory, libraries, monitorPort }: CephOptions): string {
  const settings: Settings = {
    fsid: CLUSTER_ID,
    'mon host': `[v2:127.0.0.1:${monitorPort}]`,
    'mon initial members': 'a',
    'public addr': '127.0.0.1',
    'cluster addr': '127.0.0.1',
    keyring: join(directory, 'keyring'),
    'mon data': join(directory, 'mon'),
    'osd data': join(directory, 'osd'),
    'run dir': join(directory, 'run'),
    'log file': join(directory, 'log/$name.log'),
    'admin socket': '', // its path would be too long in a deep checkout
    'mon cluster log to file': false,
    'log to stderr': false,
    // The packages are unpacked, not installed.
    'plugin dir': join(libraries, 'ceph'),
    'erasure code dir': join(libraries, 'ceph/erasure-code'),
    'osd class dir': join(libraries, 'rados-classes'),
    ...SMALL_QUICK_VOLATILE,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `[global]\n${lines.join('\n')}\n`;
}
