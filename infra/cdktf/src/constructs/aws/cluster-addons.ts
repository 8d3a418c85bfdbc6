import { Construct } from 'constructs';
import type { ClusterAddon as AddonName, ClusterRelease } from '../../environments/cluster-releases.ts';
import { ClusterAddon, type ClusterAddonProps } from './cluster-addon.ts';
import type { EksCluster } from './eks-cluster.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { PodIdentityRole } from './pod-identity-role.ts';

export interface ClusterAddonsProps {
  readonly cluster: EksCluster;
  readonly versions: ClusterRelease['addons'];
}

/** What nodes need when they join: a network for pods, roles for pods, and the proxy of services. */
export class NodeAddons extends Construct {
  constructor(scope: Construct, id: string, { cluster, versions }: ClusterAddonsProps) {
    super(scope, id);
    const add = addTo(this, { cluster, versions });
    const role = new PodIdentityRole(this, 'NetworkRole', {
      ...{ cluster, serviceAccount: { namespace: 'kube-system', name: 'aws-node' }, associate: false },
      name: 'vpc-cni',
      description: 'Gives pods their addresses',
      managedPolicies: ['AmazonEKS_CNI_Policy'],
    });
    add('eks-pod-identity-agent', {});
    add('kube-proxy', {});
    add('vpc-cni', {
      role,
      configuration: {
        // Blocks of sixteen addresses: without them a t3.medium holds 17 pods, and what runs here does not fit.
        env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' },
        enableNetworkPolicy: 'true',
      },
    });
  }
}

export interface WorkloadAddonsProps extends ClusterAddonsProps {
  readonly volumesKey: EncryptionKey;
  /** Whether CloudWatch gets metrics of pods and nodes, which it charges for by observation. */
  readonly containerInsights: boolean;
  /** Nodes to run on, and log groups to write to. */
  readonly after: readonly Construct[];
}

/** What runs on nodes: names, disks, metrics, logs, and the watch over nodes. */
export class WorkloadAddons extends Construct {
  constructor(scope: Construct, id: string, props: WorkloadAddonsProps) {
    super(scope, id);
    const { cluster, after } = props;
    const add = addTo(this, props);
    add('coredns', {
      after,
      configuration: { replicaCount: 2, podDisruptionBudget: { enabled: true, maxUnavailable: 1 } },
    });
    add('metrics-server', { after, configuration: { replicas: 2 } });
    add('kube-state-metrics', { after });
    add('prometheus-node-exporter', { after });
    add('eks-node-monitoring-agent', { after });
    const disks = new PodIdentityRole(this, 'DisksRole', {
      ...{ cluster, serviceAccount: { namespace: 'kube-system', name: 'ebs-csi-controller-sa' }, associate: false },
      name: 'ebs-csi',
      description: 'Makes and attaches the disks of pods',
      managedPolicies: ['service-role/AmazonEBSCSIDriverPolicy'],
    });
    props.volumesKey.grantVolumes(disks);
    add('aws-ebs-csi-driver', { after, role: disks });
    const agent = new PodIdentityRole(this, 'CloudwatchRole', {
      ...{ cluster, serviceAccount: { namespace: 'amazon-cloudwatch', name: 'cloudwatch-agent' }, associate: false },
      name: 'cloudwatch-agent',
      description: 'Sends logs and metrics of pods and nodes',
      managedPolicies: ['CloudWatchAgentServerPolicy'],
    });
    add('amazon-cloudwatch-observability', { after, role: agent, configuration: cloudwatch(props.containerInsights) });
  }
}

/** By default the add-on also sends enhanced metrics and Application Signals, each charged for. */
function cloudwatch(containerInsights: boolean): Readonly<Record<string, unknown>> {
  const kubernetes = { enhanced_container_insights: false };
  return {
    containerLogs: { enabled: true },
    agent: { config: { logs: { metrics_collected: containerInsights ? { kubernetes } : {} } } },
  };
}

function addTo(scope: Construct, { cluster, versions }: ClusterAddonsProps) {
  return (name: AddonName, options: Omit<ClusterAddonProps, 'cluster' | 'name' | 'version'>): void => {
    new ClusterAddon(scope, name, { cluster, name, version: versions[name], ...options });
  };
}
