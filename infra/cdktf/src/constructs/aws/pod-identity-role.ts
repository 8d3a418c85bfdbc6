import { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association/index.js';
import type { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EksCluster } from './eks-cluster.ts';
import { Role } from './role.ts';

/** A service account of Kubernetes, which pods run as. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

export interface PodIdentityRoleProps {
  readonly cluster: EksCluster;
  readonly serviceAccount: ServiceAccount;
  /** Last part of the role's name. */
  readonly name: string;
  readonly description: string;
  /** Names of AWS managed policies. @default none */
  readonly managedPolicies?: readonly string[];
  /**
   * Whether the role is given to the service account here. An add-on that is told its role makes the association itself.
   * @default true
   */
  readonly associate?: boolean;
}

/** The role of one service account in one cluster; nothing else can take it. */
export class PodIdentityRole extends Role {
  readonly serviceAccount: ServiceAccount;

  constructor(scope: Construct, id: string, props: PodIdentityRoleProps) {
    const { cluster, serviceAccount, associate = true, ...role } = props;
    super(scope, id, {
      ...role,
      trust: [
        {
          sid: 'Pods',
          principals: { Service: ['pods.eks.amazonaws.com'] },
          actions: ['sts:AssumeRole', 'sts:TagSession'],
          conditions: {
            StringEquals: { 'aws:SourceAccount': BaseStack.of(scope).accountId },
            ArnEquals: { 'aws:SourceArn': cluster.arn },
          },
        },
      ],
    });
    this.serviceAccount = serviceAccount;
    if (associate)
      new EksPodIdentityAssociation(this, 'Association', {
        clusterName: cluster.clusterName,
        namespace: serviceAccount.namespace,
        serviceAccount: serviceAccount.name,
        roleArn: this.arn,
      });
  }
}
