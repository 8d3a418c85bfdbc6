import type { Construct } from 'constructs';
import { ClusterAccess } from '../constructs/aws/cluster-access.ts';
import { NodeAddons, WorkloadAddons } from '../constructs/aws/cluster-addons.ts';
import { ContainerLogs } from '../constructs/aws/container-logs.ts';
import { EksCluster } from '../constructs/aws/eks-cluster.ts';
import { EncryptionKey, volumesAsKeyUser } from '../constructs/aws/encryption-key.ts';
import type { ImageCache } from '../constructs/aws/image-cache.ts';
import { NodeGroup } from '../constructs/aws/node-group.ts';
import { NodeTemplate } from '../constructs/aws/node-template.ts';
import { Role } from '../constructs/aws/role.ts';
import { WorkloadIdentities } from '../constructs/aws/workload-identities.ts';
import { clusterReleases } from '../environments/cluster-releases.ts';
import type { Environment } from '../environments/environment.ts';
import { BaseStack } from './base-stack.ts';
import type { AccountOutputs } from './account-stack.ts';
import type { BootstrapOutputs } from './bootstrap-stack.ts';
import type { DataOutputs } from './data-stack.ts';
import type { EdgeOutputs } from './edge-stack.ts';
import type { NetworkOutputs } from './network-stack.ts';

/** What other stacks may use of the cluster. */
export interface ClusterOutputs {
  readonly cluster: EksCluster;
  readonly nodeGroups: readonly NodeGroup[];
  /** Encrypts disks of nodes and pods. */
  readonly volumesKey: EncryptionKey;
  readonly identities: WorkloadIdentities;
  readonly containerLogs: ContainerLogs;
}

export interface ClusterStackProps {
  readonly bootstrap: BootstrapOutputs;
  readonly account: Pick<AccountOutputs, 'imageCache'>;
  readonly network: NetworkOutputs;
  readonly data: DataOutputs;
  readonly edge: Pick<EdgeOutputs, 'targetGroups'>;
}

interface NodesProps {
  readonly cluster: EksCluster;
  readonly volumesKey: EncryptionKey;
  readonly imageCache: ImageCache;
  readonly after: readonly Construct[];
}

/** Kubernetes: its control plane, nodes and add-ons, who may use it, and what its pods may do in AWS. */
export class ClusterStack extends BaseStack {
  readonly outputs: ClusterOutputs;
  readonly #network: NetworkOutputs;

  constructor(scope: Construct, environment: Environment, props: ClusterStackProps) {
    super(scope, 'cluster', environment);
    const { bootstrap, network, data, edge } = props;
    this.#network = network;
    const { cluster: settings, operations } = environment;
    const { addons: versions } = clusterReleases[settings.version];
    const cluster = this.#controlPlane(environment);
    new ClusterAccess(this, 'Access', { cluster, deployment: bootstrap.deployment, ...settings });

    const volumesKey = new EncryptionKey(this, 'VolumesKey', {
      name: 'volumes',
      description: 'Disks of nodes and pods',
      users: volumesAsKeyUser(bootstrap.autoscalingRole),
    });
    const nodeAddons = new NodeAddons(this, 'NodeAddons', { cluster, versions });
    const nodeGroups = this.#nodes(environment, {
      ...{ cluster, volumesKey, imageCache: props.account.imageCache, after: [nodeAddons] },
    });
    const containerLogs = new ContainerLogs(this, 'ContainerLogs', {
      ...{ cluster, key: network.logsKey, retentionDays: operations.logDays },
    });
    new WorkloadAddons(this, 'Addons', {
      ...{ cluster, versions, volumesKey, containerInsights: operations.containerInsights },
      after: [...nodeGroups, containerLogs],
    });
    const identities = new WorkloadIdentities(this, 'Identities', { cluster });
    grantData(identities, data);
    for (const targets of Object.values(edge.targetGroups)) targets.grantRegister(identities.loadBalancerController);
    this.outputs = { cluster, nodeGroups, volumesKey, identities, containerLogs };
  }

  #controlPlane({ cluster, operations, isProtected }: Environment): EksCluster {
    const { appSubnets, securityGroups, logsKey } = this.#network;
    return new EksCluster(this, 'Cluster', {
      ...cluster,
      subnets: appSubnets,
      securityGroup: securityGroups.controlPlane,
      logs: { key: logsKey, retentionDays: operations.logDays },
      isProtected,
    });
  }

  #nodes(
    { cluster: { nodes, spotNodes, maxPodsPerNode: maxPods } }: Environment,
    props: NodesProps,
  ): readonly NodeGroup[] {
    const { securityGroups, appSubnets: subnets } = this.#network;
    const { cluster, volumesKey, imageCache, after } = props;
    const role = new Role(this, 'NodeRole', {
      name: 'node',
      description: 'Nodes: join the cluster, pull images, answer Systems Manager',
      trust: [{ sid: 'Ec2', principals: { Service: ['ec2.amazonaws.com'] } }],
      managedPolicies: [
        'AmazonEKSWorkerNodePolicy',
        'AmazonEC2ContainerRegistryPullOnly',
        'AmazonSSMManagedInstanceCore',
      ],
    });
    imageCache.grantFetch(role);
    const template = new NodeTemplate(this, 'NodeTemplate', {
      securityGroup: securityGroups.nodes,
      volumesKey,
      maxPods,
    });
    const group = { cluster, template, role, subnets, after };
    return [
      new NodeGroup(this, 'Nodes', { ...group, size: nodes, capacity: 'on-demand' }),
      ...(spotNodes === undefined
        ? []
        : [new NodeGroup(this, 'SpotNodes', { ...group, size: spotNodes, capacity: 'spot' })]),
    ];
  }
}

/** What each program touches; who signs in to PostgreSQL must also be granted `rds_iam` there. */
function grantData({ api, worker, migration }: WorkloadIdentities, { blobs, database, cache }: DataOutputs): void {
  blobs.grantReadWrite(api);
  database.grantConnect(api, 'stowage_api');
  cache.grantConnect(api, 'api');
  blobs.grantReadWrite(worker);
  database.grantConnect(worker, 'stowage_worker');
  database.grantConnect(migration, 'stowage_migration');
}
