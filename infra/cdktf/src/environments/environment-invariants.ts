import { contains, overlaps } from './cidr-plan.ts';
import type { Environment } from './environment.ts';

/** What is wrong with an environment: where, what, and why it matters. */
export interface EnvironmentFault {
  readonly path: string;
  readonly message: string;
}

/** Faults that only show when fields are read together. */
export function findFaults(environment: Environment): readonly EnvironmentFault[] {
  const isLive = environment.name === 'production';
  return [
    ...networkFaults(environment),
    ...clusterFaults(environment),
    ...dataFaults(environment),
    ...edgeFaults(environment),
    ...recoveryFaults(environment),
    ...(isLive ? liveFaults(environment) : []),
  ];
}

/** Faults between environments: each must be sound by itself first. */
export function findCollisions(environments: readonly Environment[]): readonly EnvironmentFault[] {
  return environments.flatMap((one, index) =>
    environments.slice(index + 1).flatMap((other) => [
      ...faultIf(overlaps(one.network.cidr, other.network.cidr), {
        path: 'network.cidr',
        message: `${one.network.cidr} of ${one.name} overlaps ${other.network.cidr} of ${other.name}: they could never be connected.`,
      }),
      ...faultIf(one.account.id === other.account.id, {
        path: 'account.id',
        message: `${one.name} and ${other.name} share the account ${one.account.id}: settings that an account has once would be fought over.`,
      }),
    ]),
  );
}

/** A budget that is certain to be exceeded warns of nothing. */
export function findBudgetFault(environment: Environment, estimatedUsd: number): EnvironmentFault | undefined {
  const { monthlyBudgetUsd } = environment.operations;
  if (monthlyBudgetUsd >= estimatedUsd) return undefined;
  return {
    path: 'operations.monthlyBudgetUsd',
    message: `${monthlyBudgetUsd} USD is less than the ${Math.ceil(estimatedUsd)} USD this environment is estimated to cost: the alarm would always be on.`,
  };
}

function networkFaults({ network, cluster, account }: Environment): readonly EnvironmentFault[] {
  const elsewhere = network.zones.filter((zone) => !zone.startsWith(account.region));
  const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
  return [
    ...network.reservedCidrs
      .filter((reserved) => overlaps(reserved, network.cidr))
      .map((reserved) => ({
        path: 'network.cidr',
        message: `${network.cidr} overlaps ${reserved}, which is reserved: traffic between the two networks would find no way back.`,
      })),
    ...faultIf(overlaps(network.cidr, cluster.serviceCidr), {
      path: 'cluster.serviceCidr',
      message: `${cluster.serviceCidr} overlaps network.cidr ${network.cidr}: a pod could not tell a service from a machine.`,
    }),
    ...faultIf(!privateRanges.some((range) => contains(range, network.cidr)), {
      path: 'network.cidr',
      message: `${network.cidr} is not a private range (RFC 1918): it would hide addresses of the internet.`,
    }),
    ...faultIf(elsewhere.length > 0, {
      path: 'network.zones',
      message: `${elsewhere.join(', ')} is not in ${account.region}: a subnet there cannot be made.`,
    }),
    ...faultIf(new Set(network.zones).size < network.zones.length, {
      path: 'network.zones',
      message: 'names a zone twice: what is spread over both would fall together.',
    }),
  ];
}

function clusterFaults({ cluster }: Environment): readonly EnvironmentFault[] {
  const groups = { nodes: cluster.nodes, spotNodes: cluster.spotNodes };
  return [
    ...cluster.publicAccessCidrs
      .filter((range) => Number(range.split('/')[1]) < 16)
      .map((range) => ({
        path: 'cluster.publicAccessCidrs',
        message: `${range} opens the API server of the cluster to ${range === '0.0.0.0/0' ? 'the world' : 'whole providers'}: name the networks of those who need it, /16 or smaller.`,
      })),
    ...Object.entries(groups).flatMap(([name, group]) =>
      faultIf(group !== undefined && group.min > group.max, {
        path: `cluster.${name}`,
        message: 'min is more than max: the autoscaler could not start.',
      }),
    ),
  ];
}

function dataFaults({ database }: Environment): readonly EnvironmentFault[] {
  return [
    ...faultIf(database.readReplica && database.masterPassword === 'managed', {
      path: 'database.masterPassword',
      message:
        '"managed" does not go with readReplica: RDS for PostgreSQL makes no replica of a database whose password it manages. Use "write-only".',
    }),
    ...faultIf(database.maxStorageGb < database.storageGb, {
      path: 'database.maxStorageGb',
      message: `${database.maxStorageGb} is less than storageGb ${database.storageGb}: storage could never grow.`,
    }),
  ];
}

function edgeFaults({ edge }: Environment): readonly EnvironmentFault[] {
  return [
    ...faultIf(edge.hostName !== edge.zoneName && !edge.hostName.endsWith(`.${edge.zoneName}`), {
      path: 'edge.hostName',
      message: `${edge.hostName} is not in the zone ${edge.zoneName}: its certificate could not be validated.`,
    }),
    ...faultIf(edge.signInsPerAddress >= edge.requestsPerAddress, {
      path: 'edge.signInsPerAddress',
      message: 'is not tighter than requestsPerAddress: it would guard no password.',
    }),
  ];
}

/** What is demanded of production, where, and why. */
type Demand = readonly [met: boolean, path: string, message: string];

function recoveryFaults({ recovery, account, isProtected }: Environment): readonly EnvironmentFault[] {
  return [
    ...faultIf(recovery.copyRegion === account.region, {
      path: 'recovery.copyRegion',
      message: `${account.region} is the region itself: copies there are lost together with what they are of.`,
    }),
    ...faultIf(recovery.lockVault && !isProtected, {
      path: 'recovery.lockVault',
      message: 'goes with isProtected alone: a locked vault outlives the environment that was to be thrown away.',
    }),
    ...faultIf(recovery.monthlyMonths > 0 && recovery.monthlyMonths * 31 < recovery.dailyDays, {
      path: 'recovery.monthlyMonths',
      message: `${recovery.monthlyMonths} months are less than dailyDays ${recovery.dailyDays}: monthly backups would add nothing.`,
    }),
  ];
}

/** What users depend on must survive a zone, a mistake and an intruder. */
function liveFaults(environment: Environment): readonly EnvironmentFault[] {
  return [...availabilityDemands(environment), ...recoveryDemands(environment)]
    .filter(([met]) => !met)
    .map(([, path, message]) => ({ path, message }));
}

function availabilityDemands({ network, cluster, database, cache }: Environment): readonly Demand[] {
  return [
    [network.zones.length >= 3, 'network.zones', 'production spans three zones: with two, losing one leaves half.'],
    [
      network.nat === 'per-zone',
      'network.nat',
      'production has a NAT gateway in each zone: one lost zone would cut off all.',
    ],
    [cluster.nodes.min >= network.zones.length, 'cluster.nodes', 'production has a node in each zone at least.'],
    [cluster.spotNodes === undefined, 'cluster.spotNodes', 'production runs on no machine that AWS may take back.'],
    [
      database.multiAz,
      'database.multiAz',
      'production is Multi-AZ: without a standby, a lost zone takes the database with it.',
    ],
    [
      cache.nodes >= 2,
      'cache.nodes',
      'production has a standby of its cache: with one node, all requests are slow while it is replaced.',
    ],
  ];
}

function recoveryDemands({
  isProtected,
  cluster,
  database,
  recovery,
  operations,
  account,
}: Environment): readonly Demand[] {
  return [
    [isProtected, 'isProtected', 'production must be protected: a plan could delete what holds state.'],
    [
      cluster.publicAccessCidrs.length === 0,
      'cluster.publicAccessCidrs',
      'production hides its API server: use the bastion.',
    ],
    [database.backupDays === 35, 'database.backupDays', 'production can go back 35 days.'],
    [recovery.monthlyMonths >= 12, 'recovery.monthlyMonths', 'production keeps monthly backups for a year.'],
    [
      recovery.copyRegion !== undefined,
      'recovery.copyRegion',
      'production copies its backups: else who loses the region loses everything.',
    ],
    [
      recovery.lockVault,
      'recovery.lockVault',
      'production locks its backups: who steals the account could delete them.',
    ],
    [operations.logDays >= 365, 'operations.logDays', 'production keeps logs for a year: intrusions are found late.'],
    [
      operations.canary,
      'operations.canary',
      'production is asked from outside: who is inside sees no outage of the way in.',
    ],
    [account.auditTrail, 'account.auditTrail', 'production records who changed what.'],
  ];
}

function faultIf(isBroken: boolean, fault: EnvironmentFault): readonly EnvironmentFault[] {
  return isBroken ? [fault] : [];
}
