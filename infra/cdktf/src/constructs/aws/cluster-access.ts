import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry/index.js';
import { EksAccessPolicyAssociation } from '@cdktf/provider-aws/lib/eks-access-policy-association/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { DeploymentRoles } from './deployment-roles.ts';
import type { EksCluster } from './eks-cluster.ts';

export interface ClusterAccessProps {
  readonly cluster: EksCluster;
  readonly deployment: DeploymentRoles;
  /** Names of IAM roles of the account that may look at everything but secrets. */
  readonly viewers: readonly string[];
  /** Names of IAM roles that may edit, and where. */
  readonly teams: readonly { readonly role: string; readonly namespaces: readonly string[] }[];
}

/** What a principal may do in Kubernetes: one of the policies that EKS keeps. */
type AccessPolicy =
  'AmazonEKSAdminViewPolicy' | 'AmazonEKSClusterAdminPolicy' | 'AmazonEKSEditPolicy' | 'AmazonEKSViewPolicy';

interface Grant {
  readonly principalArn: string;
  readonly policy: AccessPolicy;
  /** @default the whole cluster */
  readonly namespaces?: readonly string[];
}

/** Who may do what in the cluster. */
export class ClusterAccess extends Construct {
  readonly #cluster: EksCluster;

  constructor(scope: Construct, id: string, { cluster, deployment, viewers, teams }: ClusterAccessProps) {
    super(scope, id);
    this.#cluster = cluster;
    const stack = BaseStack.of(this);
    const roleArn = (name: string) => stack.arn({ service: 'iam', region: '', resource: `role/${name}` });
    this.#grant('Apply', { principalArn: deployment.apply.arn, policy: 'AmazonEKSClusterAdminPolicy' });
    this.#grant('Plan', { principalArn: deployment.plan.arn, policy: 'AmazonEKSAdminViewPolicy' });
    for (const role of viewers)
      this.#grant(`Viewer-${role}`, { principalArn: roleArn(role), policy: 'AmazonEKSViewPolicy' });
    for (const { role, namespaces } of teams)
      this.#grant(`Team-${role}`, { principalArn: roleArn(role), policy: 'AmazonEKSEditPolicy', namespaces });
  }

  #grant(id: string, { principalArn, policy, namespaces }: Grant): void {
    const { clusterName } = this.#cluster;
    const policies = { service: 'eks', region: '', account: 'aws' };
    const entry = new EksAccessEntry(this, id, { clusterName, principalArn, type: 'STANDARD' });
    new EksAccessPolicyAssociation(this, `${id}-Policy`, {
      clusterName,
      principalArn: entry.principalArn,
      policyArn: BaseStack.of(this).arn({ ...policies, resource: `cluster-access-policy/${policy}` }),
      accessScope: namespaces === undefined ? { type: 'cluster' } : { type: 'namespace', namespaces: [...namespaces] },
    });
  }
}
