/** An IPv4 range: its first address as a number, and its prefix length. */
interface Range {
  readonly first: number;
  readonly prefix: number;
}

/** One range for each availability zone and tier. */
export interface CidrPlan {
  /** /24: load balancer and NAT gateways. */
  readonly public: readonly string[];
  /** /20: nodes and pods. Prefix delegation hands out blocks of sixteen addresses and needs room for them. */
  readonly app: readonly string[];
  /** /24: database and cache. */
  readonly database: readonly string[];
  /** The range of each tier, which holds its subnets and those of zones to come, and nothing else. */
  readonly tiers: { readonly public: string; readonly app: string; readonly database: string };
}

/** Prefix length of the network that a plan divides. */
export const networkPrefix = 16;
/** A plan has room for this many zones, which is more than any region offers to a cluster. */
export const mostZones = 6;

/**
 * Divides a /16 among zones. App subnets take the /20 blocks from the start; the last /20 is cut into /24 blocks,
 * public from its 0th, database from its 8th. So a zone can be added later without moving a subnet.
 */
export function planCidrs(network: string, zones: number): CidrPlan {
  const { first, prefix } = parseCidr(network);
  if (prefix !== networkPrefix) throw new Error(`${network} is divided as a /${networkPrefix}, and is none.`);
  if (!Number.isInteger(zones) || zones < 1 || zones > mostZones)
    throw new Error(`A network spans 1 to ${mostZones} zones, not ${zones}.`);
  const perZone = (block: (zone: number) => string) => Array.from({ length: zones }, (_, zone) => block(zone));
  const small = (index: number) => format({ first: first + index * 2 ** 8, prefix: 24 });
  return {
    public: perZone((zone) => small(240 + zone)),
    app: perZone((zone) => format({ first: first + zone * 2 ** 12, prefix: 20 })),
    database: perZone((zone) => small(248 + zone)),
    tiers: {
      public: format({ first: first + 240 * 2 ** 8, prefix: 21 }),
      app: format({ first, prefix: 17 }),
      database: format({ first: first + 248 * 2 ** 8, prefix: 21 }),
    },
  };
}

/** Whether two ranges share an address. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [parseCidr(one), parseCidr(other)];
  return a.first <= last(b) && b.first <= last(a);
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [parseCidr(outer), parseCidr(inner)];
  return a.first <= b.first && last(b) <= last(a);
}

/** How many addresses a range has. */
export function sizeOf(cidr: string): number {
  return 2 ** (32 - parseCidr(cidr).prefix);
}

/** Whether a text is a range that starts at its first address: `10.0.0.0/16`, but not `10.0.0.1/16`. */
export function isCidr(text: string): boolean {
  try {
    return format(parseCidr(text)) === text;
  } catch {
    return false;
  }
}

function parseCidr(text: string): Range {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = (match ?? []).slice(1).map(Number);
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) throw new Error(`"${text}" is no IPv4 range.`);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { first: address - (address % 2 ** (32 - prefix)), prefix };
}

function last({ first, prefix }: Range): number {
  return first + 2 ** (32 - prefix) - 1;
}

function format({ first, prefix }: Range): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${bytes.join('.')}/${prefix}`;
}
