import { NetworkAcl } from '@cdktf/provider-aws/lib/network-acl/index.js';
import { NetworkAclRule } from '@cdktf/provider-aws/lib/network-acl-rule/index.js';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table/index.js';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association/index.js';
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { Construct } from 'constructs';

/** One line of a network ACL. What no line allows is refused. */
export interface AclRule {
  readonly protocol: 'tcp' | 'udp';
  readonly cidr: string;
  readonly ports: readonly [from: number, to: number];
}

export interface SubnetTierProps {
  readonly vpc: Vpc;
  /** One for each zone, in the same order. */
  readonly cidrs: readonly string[];
  readonly zones: readonly string[];
  /** Tags by which Kubernetes finds the subnets for load balancers. @default none */
  readonly tags?: Readonly<Record<string, string>>;
  readonly inbound: readonly AclRule[];
  readonly outbound: readonly AclRule[];
}

/** Subnets of one purpose, one in each zone, each with a route table, behind one network ACL. No machine in them gets a public address by itself. */
export class SubnetTier extends Construct {
  readonly subnets: readonly Subnet[];
  /** In the order of the subnets. They hold no route but the one within the VPC. */
  readonly routeTables: readonly RouteTable[];

  constructor(scope: Construct, id: string, { vpc, cidrs, zones, tags = {}, inbound, outbound }: SubnetTierProps) {
    super(scope, id);
    this.subnets = cidrs.map(
      (cidrBlock, index) =>
        new Subnet(this, `Subnet${index}`, {
          vpcId: vpc.id,
          cidrBlock,
          availabilityZone: zones[index] ?? missingZone(cidrBlock),
          mapPublicIpOnLaunch: false,
          tags: { ...tags },
        }),
    );
    this.routeTables = this.subnets.map((subnet, index) => {
      const routeTable = new RouteTable(this, `Routes${index}`, { vpcId: vpc.id });
      new RouteTableAssociation(this, `Association${index}`, { subnetId: subnet.id, routeTableId: routeTable.id });
      return routeTable;
    });
    const acl = new NetworkAcl(this, 'Acl', {
      vpcId: vpc.id,
      subnetIds: this.subnets.map(({ id: subnetId }) => subnetId),
    });
    this.#addRules(acl, inbound, false);
    this.#addRules(acl, outbound, true);
  }

  #addRules(acl: NetworkAcl, rules: readonly AclRule[], egress: boolean): void {
    for (const [index, { protocol, cidr, ports }] of rules.entries())
      new NetworkAclRule(this, `${egress ? 'Outbound' : 'Inbound'}${index}`, {
        networkAclId: acl.id,
        egress,
        ruleNumber: 100 + index * 10,
        ruleAction: 'allow',
        protocol,
        cidrBlock: cidr,
        fromPort: ports[0],
        toPort: ports[1],
      });
  }
}

function missingZone(cidr: string): never {
  throw new Error(`There is no zone for the subnet ${cidr}.`);
}
