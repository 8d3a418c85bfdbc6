import { EksCluster as AwsEksCluster } from '@cdktf/provider-aws/lib/eks-cluster/index.js';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Construct } from 'constructs';
import { resourcesOf } from '../../cdktf.ts';
import { BaseStack } from '../../stacks/base-stack.ts';
import { EncryptionKey } from './encryption-key.ts';
import { LogGroup } from './log-group.ts';
import { Role } from './role.ts';
import type { SecurityGroup } from './security-group.ts';

export interface EksClusterProps {
  /** Minor version of Kubernetes, such as 1.35. */
  readonly version: string;
  /** Where the API server has its interfaces. */
  readonly subnets: readonly Subnet[];
  readonly securityGroup: SecurityGroup;
  readonly serviceCidr: string;
  /** Who reaches the API server from outside of the VPC; empty: nobody. */
  readonly publicAccessCidrs: readonly string[];
  readonly logs: { readonly key: EncryptionKey; readonly retentionDays: number };
  readonly zonalShift: boolean;
  readonly isProtected: boolean;
}

/**
 * The control plane of a Kubernetes cluster. Access is by access entries alone: who creates it is no administrator, and
 * no map within the cluster grants anything. Secrets are encrypted with our key. Extended support, which costs six times as much, is off.
 */
export class EksCluster extends Construct {
  readonly arn: string;
  readonly clusterName: string;
  readonly endpoint: string;
  /** Base64 of the certificate that the API server's one is signed by. */
  readonly certificateAuthority: string;
  readonly version: string;

  constructor(scope: Construct, id: string, props: EksClusterProps) {
    super(scope, id);
    const name = BaseStack.of(this).resourceName('cluster');
    const key = new EncryptionKey(this, 'SecretsKey', { name: 'eks', description: 'Secrets within the cluster' });
    // EKS would make this group by itself, without encryption and for ever.
    const logGroup = new LogGroup(this, 'Logs', { name: `/aws/eks/${name}/cluster`, ...props.logs });
    const role = this.#role(name, key);
    const cluster = new AwsEksCluster(this, 'Resource', {
      name,
      version: props.version,
      roleArn: role.arn,
      enabledClusterLogTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
      bootstrapSelfManagedAddons: false,
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ['secrets'] },
      kubernetesNetworkConfig: { ipFamily: 'ipv4', serviceIpv4Cidr: props.serviceCidr },
      upgradePolicy: { supportType: 'STANDARD' },
      zonalShiftConfig: { enabled: props.zonalShift },
      deletionProtection: props.isProtected,
      vpcConfig: this.#network(props),
      // The log group before, and the permissions until after, or the control plane leaves things behind.
      dependsOn: resourcesOf(logGroup, role),
    });
    this.arn = cluster.arn;
    this.clusterName = cluster.name;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority.get(0).data;
    this.version = props.version;
  }

  #network({ subnets, securityGroup, publicAccessCidrs }: EksClusterProps) {
    const isPublic = publicAccessCidrs.length > 0;
    return {
      subnetIds: subnets.map(({ id }) => id),
      securityGroupIds: [securityGroup.groupId],
      endpointPrivateAccess: true,
      endpointPublicAccess: isPublic,
      ...(isPublic ? { publicAccessCidrs: [...publicAccessCidrs] } : {}),
    };
  }

  #role(clusterName: string, key: EncryptionKey): Role {
    const stack = BaseStack.of(this);
    const role = new Role(this, 'Role', {
      name: 'cluster',
      description: 'The control plane of the cluster',
      trust: [
        {
          sid: 'Eks',
          principals: { Service: ['eks.amazonaws.com'] },
          conditions: {
            StringEquals: { 'aws:SourceAccount': stack.accountId },
            ArnEquals: { 'aws:SourceArn': stack.arn({ service: 'eks', resource: `cluster/${clusterName}` }) },
          },
        },
      ],
      managedPolicies: ['AmazonEKSClusterPolicy'],
    });
    role.allow('EncryptSecrets', [
      { actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:ListGrants'], resources: [key.arn] },
    ]);
    return role;
  }
}
