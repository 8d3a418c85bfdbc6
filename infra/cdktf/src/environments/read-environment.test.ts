import { describe, expect, it } from '@jest/globals';
import { givenDev, givenProduction, type EnvironmentChange } from '../../test/given-environment.ts';
import { dev } from './dev.ts';
import { findBudgetFault } from './environment-invariants.ts';
import { environmentNamed, environmentNames, parseEnvironment, readEnvironments } from './read-environment.ts';
import { staging } from './staging.ts';

describe('our environments', () => {
  it('are sound, each by itself and all together', () => {
    expect(readEnvironments().map(({ name }) => name)).toEqual(environmentNames);
  });

  it('are found by name', () => {
    expect(environmentNamed('staging').name).toBe('staging');
    expect(() => environmentNamed('prod')).toThrow(
      'There is no environment "prod". There are dev, staging, production.',
    );
  });
});

describe('an environment is refused', () => {
  it.each<[string, EnvironmentChange, string]>([
    [
      'whose network overlaps the services of its cluster',
      { network: { cidr: '172.20.0.0/16' } },
      'cluster.serviceCidr: 172.20.0.0/16 overlaps network.cidr 172.20.0.0/16: a pod could not tell a service from a machine.',
    ],
    [
      'whose network overlaps a reserved range',
      { network: { reservedCidrs: ['10.0.0.0/9'] } },
      'network.cidr: 10.10.0.0/16 overlaps 10.0.0.0/9, which is reserved',
    ],
    ['whose network hides the internet', { network: { cidr: '8.8.0.0/16' } }, '8.8.0.0/16 is not a private range'],
    ['whose network is no /16', { network: { cidr: '10.10.0.0/20' } }, 'network.cidr: must be a /16'],
    [
      'in the zone of another region',
      { network: { zones: ['us-east-1a', 'eu-west-1b'] } },
      'eu-west-1b is not in us-east-1',
    ],
    ['that names a zone twice', { network: { zones: ['us-east-1a', 'us-east-1a'] } }, 'names a zone twice'],
    [
      'that opens its API server to the world',
      { cluster: { publicAccessCidrs: ['0.0.0.0/0'] } },
      'cluster.publicAccessCidrs: 0.0.0.0/0 opens the API server of the cluster to the world',
    ],
    [
      'that opens its API server to half of it',
      { cluster: { publicAccessCidrs: ['128.0.0.0/1'] } },
      '128.0.0.0/1 opens the API server of the cluster to whole providers',
    ],
    [
      'with fewer nodes at most than at least',
      { cluster: { nodes: { min: 3, max: 2 } } },
      'cluster.nodes: min is more',
    ],
    [
      'with a replica of a database whose password RDS manages',
      { database: { readReplica: true, masterPassword: 'managed' } },
      'database.masterPassword: "managed" does not go with readReplica: RDS for PostgreSQL makes no replica',
    ],
    ['whose storage cannot grow', { database: { storageGb: 60 } }, '50 is less than storageGb 60'],
    ['whose host is in no zone of ours', { edge: { hostName: 'files.example.org' } }, 'is not in the zone'],
    [
      'that copies backups to where they are',
      { recovery: { copyRegion: 'us-east-1' } },
      'us-east-1 is the region itself',
    ],
    ['that is thrown away but locks its backups', { recovery: { lockVault: true } }, 'goes with isProtected alone'],
    [
      'with monthly backups that end before daily ones',
      { recovery: { dailyDays: 35, monthlyMonths: 1 } },
      '1 months are less than dailyDays 35',
    ],
    ['whose sign-in limit guards nothing', { edge: { signInsPerAddress: 2_000 } }, 'is not tighter than'],
    [
      'with an unknown instance class',
      { database: { instanceClass: 'db.m5.large' as 'db.t3.small' } },
      'database.instanceClass',
    ],
  ])('%s', (_title, change, message) => {
    expect(() => parseEnvironment(givenDev(change))).toThrow(message);
  });

  it('when a value is unknown, which may be a misspelt one', () => {
    expect(() => parseEnvironment(givenDev({ network: { natt: 'single' } as object }))).toThrow('"natt"');
  });

  it('with all its faults at once', () => {
    const change: EnvironmentChange = { database: { readReplica: true }, edge: { signInsPerAddress: 5_000 } };
    expect(() => parseEnvironment(givenDev(change))).toThrow(
      /The environment dev is refused:\n {2}database\.masterPassword: .*\n {2}edge\.signInsPerAddress: /,
    );
  });
});

describe('production is refused', () => {
  it.each<[string, EnvironmentChange, string]>([
    [
      'without Multi-AZ',
      { database: { multiAz: false } },
      'database.multiAz: production is Multi-AZ: without a standby',
    ],
    ['unprotected', { isProtected: false }, 'isProtected: production must be protected'],
    [
      'in two zones',
      { network: { zones: ['us-east-1a', 'us-east-1b'] } },
      'network.zones: production spans three zones',
    ],
    ['with one NAT gateway', { network: { nat: 'single' } }, 'network.nat'],
    ['with a public API server', { cluster: { publicAccessCidrs: ['203.0.113.0/24'] } }, 'cluster.publicAccessCidrs'],
    ['with fewer nodes than zones', { cluster: { nodes: { min: 2, max: 9 } } }, 'cluster.nodes'],
    ['with spot nodes', { cluster: { spotNodes: { min: 0, max: 2 } } }, 'cluster.spotNodes'],
    ['with a week of backups', { database: { backupDays: 7 } }, 'database.backupDays'],
    ['with one cache node', { cache: { nodes: 1 } }, 'cache.nodes'],
    ['without backups of months', { recovery: { monthlyMonths: 0 } }, 'recovery.monthlyMonths'],
    ['without copies of backups', { recovery: { copyRegion: undefined } }, 'recovery.copyRegion'],
    ['with a vault that opens', { recovery: { lockVault: false } }, 'recovery.lockVault'],
    ['with a month of logs', { operations: { logDays: 30 } }, 'operations.logDays'],
    ['without a canary', { operations: { canary: false } }, 'operations.canary'],
    ['without an audit trail', { account: { auditTrail: false } }, 'account.auditTrail'],
  ])('%s', (_title, change, message) => {
    expect(() => parseEnvironment(givenProduction(change))).toThrow(message);
  });
});

describe('environments are refused together', () => {
  it('when their networks overlap', () => {
    const twin = { ...staging, network: { ...staging.network, cidr: dev.network.cidr } };
    expect(() => readEnvironments([dev, twin])).toThrow('10.10.0.0/16 of dev overlaps 10.10.0.0/16 of staging');
  });

  it('when they share an account', () => {
    const twin = { ...staging, account: { ...staging.account, id: dev.account.id } };
    expect(() => readEnvironments([dev, twin])).toThrow('dev and staging share the account 111111111111');
  });
});

describe('a budget', () => {
  it('is refused below the estimated cost', () => {
    expect(findBudgetFault(environmentNamed('dev'), 325)).toBeUndefined();
    expect(findBudgetFault(environmentNamed('dev'), 325.4)?.message).toMatch(
      '325 USD is less than the 326 USD this environment is estimated to cost',
    );
  });
});
