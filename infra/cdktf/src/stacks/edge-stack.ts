import type { Construct } from 'constructs';
import { Certificate } from '../constructs/aws/certificate.ts';
import { LoadBalancer } from '../constructs/aws/load-balancer.ts';
import { PublicName } from '../constructs/aws/public-name.ts';
import { PublicZone } from '../constructs/aws/public-zone.ts';
import { TargetGroup } from '../constructs/aws/target-group.ts';
import { WebAcl } from '../constructs/aws/web-acl.ts';
import { readApiSurface, type ApiSurface } from '../edge/api-surface.ts';
import { firewallRules, flaggedBodyLabels } from '../edge/firewall-rules.ts';
import type { Environment } from '../environments/environment.ts';
import type { AccountOutputs } from './account-stack.ts';
import { BaseStack } from './base-stack.ts';
import type { NetworkOutputs } from './network-stack.ts';

export interface EdgeStackProps {
  readonly account: Pick<AccountOutputs, 'logBucket'>;
  readonly network: Pick<NetworkOutputs, 'vpc' | 'publicSubnets' | 'securityGroups' | 'logsKey'>;
  /** @default what is written down of the API in api-surface.json */
  readonly api?: ApiSurface;
}

/** What other stacks may use of the edge. */
export interface EdgeOutputs {
  readonly loadBalancer: LoadBalancer;
  /** ARN of the listener whose rules divide requests between the colours. */
  readonly listenerArn: string;
  readonly targetGroups: { readonly blue: TargetGroup; readonly green: TargetGroup };
  readonly webAcl: WebAcl;
  readonly publicName: PublicName;
  readonly certificate: Certificate;
}

/** Where requests come in: DNS, TLS, firewall, load balancer, and a target group for each colour. */
export class EdgeStack extends BaseStack {
  readonly outputs: EdgeOutputs;

  constructor(
    scope: Construct,
    environment: Environment,
    { account, network, api = readApiSurface() }: EdgeStackProps,
  ) {
    super(scope, 'edge', environment);
    const { edge, operations, isProtected, cluster } = environment;
    const { hostName, zoneName, idleTimeoutSeconds, desync, requestsPerAddress, signInsPerAddress } = edge;
    demandPatience(api, idleTimeoutSeconds);
    const zone = new PublicZone(this, 'Zone', { name: zoneName });
    const certificate = new Certificate(this, 'Certificate', { hostName, zone });
    const { vpc } = network;
    const target = { vpc, port: api.port, healthPath: api.healthPath };
    const blue = new TargetGroup(this, 'Blue', { ...target, name: 'api-blue' });
    const green = new TargetGroup(this, 'Green', { ...target, name: 'api-green' });
    const loadBalancer = new LoadBalancer(this, 'LoadBalancer', {
      ...{ name: 'public', logBucket: account.logBucket, idleTimeoutSeconds, desync, isProtected },
      ...{ subnets: network.publicSubnets, zonalShift: cluster.zonalShift },
      securityGroup: network.securityGroups.loadBalancer,
    });
    // The first release is blue. From then on a rule of the listener goes before this, and says who gets what.
    const listenerArn = loadBalancer.serve(certificate, [
      { target: blue, weight: 100 },
      { target: green, weight: 0 },
    ]);
    const webAcl = new WebAcl(this, 'Firewall', {
      ...{ name: 'public', loadBalancer },
      rules: firewallRules({ routes: api.routes, requestsPerAddress, signInsPerAddress }),
      logs: { key: network.logsKey, retentionDays: operations.logDays, labels: flaggedBodyLabels() },
    });
    const publicName = new PublicName(this, 'Name', { hostName, zone, loadBalancer, healthPath: api.healthPath });
    this.outputs = { loadBalancer, listenerArn, targetGroups: { blue, green }, webAcl, publicName, certificate };
  }
}

/** A server that closes a connection just as the load balancer sends a request on it fails that request. */
function demandPatience({ keepAliveSeconds }: ApiSurface, idleTimeoutSeconds: number): void {
  if (idleTimeoutSeconds >= keepAliveSeconds)
    throw new Error(
      `edge.idleTimeoutSeconds is ${idleTimeoutSeconds}, but the API closes idle connections after ${keepAliveSeconds} seconds: requests would meet closed connections.`,
    );
}
