import type { CidrPlan } from '../../environments/cidr-plan.ts';
import type { AclRule } from './subnet-tier.ts';

/** What passes the border of a tier, both ways. ACLs keep no state: answers need a rule too. */
export interface TierAcl {
  readonly inbound: readonly AclRule[];
  readonly outbound: readonly AclRule[];
}

type TierRanges = CidrPlan['tiers'];

const anywhere = '0.0.0.0/0';
/** Ports that answers arrive at. Cut in two, so that no rule admits remote desktop (3389). */
const ephemeral = [
  [1_024, 3_388],
  [3_390, 65_535],
] as const;
/** Port of the API, which the load balancer connects to. */
export const apiPort = 5_002;

const port = (number: number): readonly [number, number] => [number, number];
const tcp = (cidr: string, ...ranges: readonly (readonly [number, number])[]): readonly AclRule[] =>
  ranges.map((ports) => ({ protocol: 'tcp', cidr, ports }));
const udp = (cidr: string, ...ranges: readonly (readonly [number, number])[]): readonly AclRule[] =>
  ranges.map((ports) => ({ protocol: 'udp', cidr, ports }));

/** Clients come in by 443 and 80; nodes go out through NAT by 443; the load balancer talks to the API. */
export function publicAcl({ app }: TierRanges): TierAcl {
  return {
    inbound: [...tcp(anywhere, port(443), port(80), ...ephemeral)],
    outbound: [...tcp(anywhere, port(443), ...ephemeral), ...tcp(app, port(apiPort))],
  };
}

/** The load balancer comes in; nodes talk to each other, to the databases, and to the internet by 443. */
export function appAcl(tiers: TierRanges): TierAcl {
  const amongNodes = [...tcp(tiers.app, port(443), port(53)), ...udp(tiers.app, port(53), ...ephemeral)];
  return {
    inbound: [...tcp(tiers.public, port(apiPort)), ...tcp(anywhere, ...ephemeral), ...amongNodes],
    outbound: [
      ...tcp(anywhere, port(443)),
      ...tcp(tiers.database, port(5_432), port(6_379)),
      ...tcp(tiers.public, ...ephemeral),
      ...tcp(tiers.app, ...ephemeral),
      ...amongNodes,
    ],
  };
}

/** Nodes come in to PostgreSQL and Redis, and get their answers. Nothing else passes. */
export function databaseAcl({ app }: TierRanges): TierAcl {
  return { inbound: [...tcp(app, port(5_432), port(6_379))], outbound: [...tcp(app, ...ephemeral)] };
}
