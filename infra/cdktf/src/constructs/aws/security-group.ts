import { SecurityGroup as AwsSecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';

export interface SecurityGroupProps {
  readonly vpc: Vpc;
  /** Last part of the name, but for what makes it unique. */
  readonly name: string;
  readonly description: string;
}

/** What passes, and why. */
export interface Traffic {
  readonly port: number;
  /** @default `port`: that one alone */
  readonly toPort?: number;
  /** @default 'tcp' */
  readonly protocol?: 'tcp' | 'udp';
  /** Becomes the description of the rule. */
  readonly purpose: string;
}

/** A security group that lets nothing pass until told to. Rules are resources of their own, so that groups may name each other. */
export class SecurityGroup extends Construct {
  readonly groupId: string;

  constructor(scope: Construct, id: string, { vpc, name, description }: SecurityGroupProps) {
    super(scope, id);
    const group = new AwsSecurityGroup(this, 'Resource', {
      // The next one is made before this one goes, and no two of a VPC may have one name.
      namePrefix: `${BaseStack.of(this).resourceName(name)}-`,
      description,
      vpcId: vpc.id,
      lifecycle: { createBeforeDestroy: true },
    });
    this.groupId = group.id;
  }

  /** Lets members of another group connect to members of this one: opens both ends. */
  acceptFrom(peer: SecurityGroup, traffic: Traffic): void {
    const rule = ruleOf(traffic);
    new VpcSecurityGroupIngressRule(this, `From${peer.node.id}${idOf(traffic)}`, {
      securityGroupId: this.groupId,
      referencedSecurityGroupId: peer.groupId,
      ...rule,
    });
    new VpcSecurityGroupEgressRule(peer, `To${this.node.id}${idOf(traffic)}`, {
      securityGroupId: peer.groupId,
      referencedSecurityGroupId: this.groupId,
      ...rule,
    });
  }

  /** Lets anybody connect. */
  acceptFromAnywhere(traffic: Traffic): void {
    new VpcSecurityGroupIngressRule(this, `FromAnywhere${idOf(traffic)}`, {
      securityGroupId: this.groupId,
      cidrIpv4: '0.0.0.0/0',
      ...ruleOf(traffic),
    });
  }

  /** Lets members connect to any address. */
  sendAnywhere(traffic: Traffic): void {
    new VpcSecurityGroupEgressRule(this, `ToAnywhere${idOf(traffic)}`, {
      securityGroupId: this.groupId,
      cidrIpv4: '0.0.0.0/0',
      ...ruleOf(traffic),
    });
  }
}

function idOf({ port, protocol = 'tcp' }: Traffic): string {
  return `${protocol === 'tcp' ? 'Tcp' : 'Udp'}${port}`;
}

function ruleOf({ port, toPort = port, protocol = 'tcp', purpose }: Traffic) {
  return { fromPort: port, toPort, ipProtocol: protocol, description: purpose };
}
