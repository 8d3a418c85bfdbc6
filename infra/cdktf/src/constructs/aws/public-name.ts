import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check/index.js';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js';
import { Construct } from 'constructs';
import type { LoadBalancer } from './load-balancer.ts';
import type { PublicZone } from './public-zone.ts';

export interface PublicNameProps {
  /** In the zone, or a name below it. */
  readonly hostName: string;
  readonly zone: PublicZone;
  readonly loadBalancer: LoadBalancer;
  /** What Route 53 asks every 30 seconds from several places of the world. */
  readonly healthPath: string;
}

/** The name users know: it leads to a load balancer, only Amazon may certify it, and Route 53 watches it from outside. */
export class PublicName extends Construct {
  readonly hostName: string;
  readonly healthCheckId: string;

  constructor(scope: Construct, id: string, { hostName, zone, loadBalancer, healthPath }: PublicNameProps) {
    super(scope, id);
    if (hostName !== zone.zoneName && !hostName.endsWith(`.${zone.zoneName}`))
      throw new Error(`${hostName} is no name of the zone ${zone.zoneName}.`);
    this.hostName = hostName;
    const { zoneId } = zone;
    new Route53Record(this, 'Address', {
      zoneId,
      name: hostName,
      type: 'A',
      alias: { name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: true },
    });
    new Route53Record(this, 'Authorities', {
      zoneId,
      name: hostName,
      type: 'CAA',
      ttl: 3_600,
      records: ['0 issue "amazon.com"', '0 issuewild ";"'],
    });
    const check = new Route53HealthCheck(this, 'HealthCheck', {
      type: 'HTTPS',
      fqdn: hostName,
      port: 443,
      resourcePath: healthPath,
      enableSni: true,
      requestInterval: 30,
      failureThreshold: 3,
      measureLatency: true,
    });
    this.healthCheckId = check.id;
  }
}
