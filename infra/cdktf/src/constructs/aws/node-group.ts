import { AutoscalingGroupTagA } from '@cdktf/provider-aws/lib/autoscaling-group-tag/index.js';
import { EksNodeGroup } from '@cdktf/provider-aws/lib/eks-node-group/index.js';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Construct } from 'constructs';
import { resourcesOf } from '../../cdktf.ts';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EksCluster } from './eks-cluster.ts';
import type { NodeTemplate } from './node-template.ts';
import type { Role } from './role.ts';

/** The machine that nodes are: the mission fixes it. */
const nodeInstanceType = 't3.medium';

export interface NodeGroupProps {
  readonly cluster: EksCluster;
  readonly template: NodeTemplate;
  readonly role: Role;
  /** One group spans them all: the autoscaler balances zones by pods' spread rules. */
  readonly subnets: readonly Subnet[];
  readonly size: { readonly min: number; readonly max: number };
  readonly capacity: 'on-demand' | 'spot';
  /** What nodes need from their first second. */
  readonly after: readonly Construct[];
}

/** Nodes that EKS replaces one third at a time, repairs when their health says so, and the Cluster Autoscaler counts. */
export class NodeGroup extends Construct {
  readonly groupName: string;
  /** Name of the Auto Scaling group that EKS makes for it. */
  readonly autoscalingGroupName: string;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { cluster, template, role, subnets, size, capacity, after } = props;
    const group = new EksNodeGroup(this, 'Resource', {
      clusterName: cluster.clusterName,
      nodeGroupNamePrefix: `${BaseStack.of(this).resourceName(capacity)}-`,
      nodeRoleArn: role.arn,
      subnetIds: subnets.map(({ id: subnetId }) => subnetId),
      version: cluster.version,
      amiType: 'AL2023_x86_64_STANDARD',
      instanceTypes: [nodeInstanceType],
      capacityType: capacity === 'spot' ? 'SPOT' : 'ON_DEMAND',
      launchTemplate: { id: template.templateId, version: template.latestVersion },
      labels: { 'stowage/capacity': capacity },
      scalingConfig: { minSize: size.min, maxSize: size.max, desiredSize: size.min },
      updateConfig: { maxUnavailablePercentage: 33 },
      nodeRepairConfig: { enabled: true },
      // The autoscaler owns the number of nodes.
      lifecycle: { ignoreChanges: ['scaling_config[0].desired_size'], createBeforeDestroy: true },
      // Nodes join with a network and leave while their role still has its permissions.
      dependsOn: resourcesOf(role, ...after),
    });
    this.groupName = group.nodeGroupName;
    this.autoscalingGroupName = group.resources.get(0).autoscalingGroups.get(0).name;
    this.#tagForAutoscaler(cluster);
  }

  #tagForAutoscaler(cluster: EksCluster): void {
    const { requiredTags } = BaseStack.of(this);
    const discovery = [
      { id: 'Enabled', key: 'k8s.io/cluster-autoscaler/enabled', value: 'true', propagateAtLaunch: false },
      {
        id: 'Owned',
        key: `k8s.io/cluster-autoscaler/${cluster.clusterName}`,
        value: 'owned',
        propagateAtLaunch: false,
      },
    ];
    const required = Object.entries(requiredTags).map(([key, value]) => ({
      id: key,
      key,
      value,
      propagateAtLaunch: false,
    }));
    for (const { id, ...tag } of [...discovery, ...required])
      new AutoscalingGroupTagA(this, `Tag-${id}`, { autoscalingGroupName: this.autoscalingGroupName, tag });
  }
}
