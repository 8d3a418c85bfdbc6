import { DefaultNetworkAcl } from '@cdktf/provider-aws/lib/default-network-acl/index.js';
import { DefaultRouteTable } from '@cdktf/provider-aws/lib/default-route-table/index.js';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group/index.js';
import { Eip } from '@cdktf/provider-aws/lib/eip/index.js';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway/index.js';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js';
import { Route } from '@cdktf/provider-aws/lib/route/index.js';
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { Construct } from 'constructs';
import type { CidrPlan } from '../../environments/cidr-plan.ts';
import { appAcl, databaseAcl, publicAcl } from './network-acls.ts';
import { SubnetTier } from './subnet-tier.ts';

export interface ThreeTierVpcProps {
  readonly cidr: string;
  readonly plan: CidrPlan;
  readonly zones: readonly string[];
  /** `single`: one NAT gateway serves all zones; `per-zone`: each zone its own. */
  readonly nat: 'single' | 'per-zone';
}

/**
 * A VPC with a public tier for the load balancer and NAT, a tier for nodes and pods that reaches the internet by NAT,
 * and one for databases that reaches nothing outside. What AWS puts into a VPC by default is emptied.
 */
export class ThreeTierVpc extends Construct {
  readonly vpc: Vpc;
  readonly public: SubnetTier;
  readonly app: SubnetTier;
  readonly database: SubnetTier;
  readonly natGateways: readonly NatGateway[];

  constructor(scope: Construct, id: string, { cidr, plan, zones, nat }: ThreeTierVpcProps) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Resource', { cidrBlock: cidr, enableDnsSupport: true, enableDnsHostnames: true });
    const { vpc } = this;
    this.#emptyDefaults();
    this.public = new SubnetTier(this, 'Public', {
      ...{ vpc, zones, cidrs: plan.public, tags: { 'kubernetes.io/role/elb': '1' } },
      ...publicAcl(plan.tiers),
    });
    this.app = new SubnetTier(this, 'App', {
      ...{ vpc, zones, cidrs: plan.app, tags: { 'kubernetes.io/role/internal-elb': '1' } },
      ...appAcl(plan.tiers),
    });
    this.database = new SubnetTier(this, 'Database', { vpc, zones, cidrs: plan.database, ...databaseAcl(plan.tiers) });
    const gateway = this.#openToInternet();
    this.natGateways = this.#addNat(gateway, nat === 'single' ? 1 : zones.length);
  }

  /** Adopted, so that nothing that is put there by mistake passes. */
  #emptyDefaults(): void {
    const { vpc } = this;
    new DefaultSecurityGroup(this, 'DefaultSecurityGroup', { vpcId: vpc.id });
    new DefaultNetworkAcl(this, 'DefaultAcl', { defaultNetworkAclId: vpc.defaultNetworkAclId });
    new DefaultRouteTable(this, 'DefaultRoutes', { defaultRouteTableId: vpc.defaultRouteTableId, route: [] });
  }

  #openToInternet(): InternetGateway {
    const gateway = new InternetGateway(this, 'InternetGateway', { vpcId: this.vpc.id });
    for (const [zone, { id: routeTableId }] of this.public.routeTables.entries())
      new Route(this, `PublicRoute${zone}`, { routeTableId, destinationCidrBlock: '0.0.0.0/0', gatewayId: gateway.id });
    return gateway;
  }

  /** Each zone's nodes leave by their own zone's gateway where there is one: traffic between zones costs, and they fall together. */
  #addNat(gateway: InternetGateway, count: number): readonly NatGateway[] {
    const gateways = this.public.subnets.slice(0, count).map((subnet, zone) => {
      const address = new Eip(this, `NatAddress${zone}`, { domain: 'vpc', dependsOn: [gateway] });
      return new NatGateway(this, `Nat${zone}`, {
        allocationId: address.id,
        subnetId: subnet.id,
        dependsOn: [gateway],
      });
    });
    for (const [zone, { id: routeTableId }] of this.app.routeTables.entries()) {
      const nat = gateways[zone % gateways.length];
      if (nat !== undefined)
        new Route(this, `AppRoute${zone}`, { routeTableId, destinationCidrBlock: '0.0.0.0/0', natGatewayId: nat.id });
    }
    return gateways;
  }
}
