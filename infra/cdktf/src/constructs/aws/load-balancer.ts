import { Lb } from '@cdktf/provider-aws/lib/lb/index.js';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener/index.js';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { Certificate } from './certificate.ts';
import type { LogBucket } from './log-bucket.ts';
import type { SecurityGroup } from './security-group.ts';
import type { TargetGroup } from './target-group.ts';

export interface LoadBalancerProps {
  /** Last part of the name. */
  readonly name: string;
  /** Public ones, in two zones at least. */
  readonly subnets: readonly Subnet[];
  readonly securityGroup: SecurityGroup;
  /** Must admit the logs of load balancers below `load-balancer/`. */
  readonly logBucket: Pick<LogBucket, 'bucketName'>;
  /** Seconds a connection may be silent, on both sides. The servers behind must keep idle connections for longer. */
  readonly idleTimeoutSeconds: number;
  /** What becomes of requests that two parsers would read differently. */
  readonly desync: 'defensive' | 'strictest';
  /** Whether AWS may take a zone in trouble out of service. */
  readonly zonalShift: boolean;
  /** Whether Terraform, and everybody else, is refused to delete it. */
  readonly isProtected: boolean;
}

/** A target group and its share of requests. */
export interface WeightedTarget {
  readonly target: TargetGroup;
  /** 0 to 999: in relation to the other's. */
  readonly weight: number;
}

/** TLS 1.3, and 1.2 with forward secrecy; key exchange that a quantum computer will not undo, for clients that know it. */
const tlsPolicy = 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09';
const oneYearSeconds = 31_536_000;

/** A public load balancer for HTTPS. It drops headers it cannot parse and logs every request and connection. Port 80 redirects. */
export class LoadBalancer extends Construct {
  readonly arn: string;
  /** Last part of the ARN, by which CloudWatch knows it. */
  readonly arnSuffix: string;
  readonly dnsName: string;
  /** The zone of its DNS name, for aliases. */
  readonly zoneId: string;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    if (props.subnets.length < 2) throw new Error('A load balancer needs subnets in two zones.');
    const log = (kind: string) => ({
      enabled: true,
      bucket: props.logBucket.bucketName,
      prefix: `load-balancer/${kind}`,
    });
    const balancer = new Lb(this, 'Resource', {
      name: BaseStack.of(this).resourceName(props.name, 'loadBalancer'),
      loadBalancerType: 'application',
      internal: false,
      ipAddressType: 'ipv4',
      subnets: props.subnets.map((subnet) => subnet.id),
      securityGroups: [props.securityGroup.groupId],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: props.desync,
      // The host a client asked for is what the API compares origins with.
      preserveHostHeader: true,
      xffHeaderProcessingMode: 'append',
      enableHttp2: true,
      enableWafFailOpen: false,
      enableZonalShift: props.zonalShift,
      enableDeletionProtection: props.isProtected,
      idleTimeout: props.idleTimeoutSeconds,
      accessLogs: log('access'),
      connectionLogs: log('connections'),
    });
    this.arn = balancer.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    new LbListener(this, 'Redirect', {
      loadBalancerArn: this.arn,
      port: 80,
      protocol: 'HTTP',
      defaultAction: [{ type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', statusCode: 'HTTP_301' } }],
    });
  }

  /**
   * Serves HTTPS: requests that no rule of the listener sends elsewhere are divided among the targets by weight.
   * @returns the ARN of the listener
   */
  serve(certificate: Certificate, targets: readonly WeightedTarget[]): string {
    if (!targets.some(({ weight }) => weight > 0))
      throw new Error('Some target must get requests: all weights are zero.');
    const listener = new LbListener(this, 'Https', {
      loadBalancerArn: this.arn,
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: tlsPolicy,
      certificateArn: certificate.arn,
      routingHttpResponseServerEnabled: false,
      routingHttpResponseStrictTransportSecurityHeaderValue: `max-age=${oneYearSeconds}; includeSubDomains`,
      defaultAction: [
        {
          type: 'forward',
          forward: { targetGroup: targets.map(({ target, weight }) => ({ arn: target.arn, weight })) },
        },
      ],
    });
    return listener.arn;
  }
}
