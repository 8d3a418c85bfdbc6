/** Add-ons that are installed, each with its exact build. */
export interface ClusterRelease {
  readonly addons: Readonly<Record<ClusterAddon, string>>;
  /** Tag of the image of the Cluster Autoscaler, which follows the minor version of Kubernetes. */
  readonly autoscaler: string;
}

export type ClusterAddon =
  | 'amazon-cloudwatch-observability'
  | 'aws-ebs-csi-driver'
  | 'coredns'
  | 'eks-node-monitoring-agent'
  | 'eks-pod-identity-agent'
  | 'kube-proxy'
  | 'kube-state-metrics'
  | 'metrics-server'
  | 'prometheus-node-exporter'
  | 'vpc-cni';

/** Versions of Kubernetes an environment may run. */
export const clusterVersions = ['1.35'] as const;
type ClusterVersion = (typeof clusterVersions)[number];

/** What belongs to each version. `aws eks describe-addon-versions --kubernetes-version 1.35` lists what there is. */
export const clusterReleases: Readonly<Record<ClusterVersion, ClusterRelease>> = {
  '1.35': {
    autoscaler: 'v1.35.0',
    addons: {
      'amazon-cloudwatch-observability': 'v6.5.0-eksbuild.1',
      'aws-ebs-csi-driver': 'v1.65.0-eksbuild.1',
      coredns: 'v1.13.2-eksbuild.31',
      'eks-node-monitoring-agent': 'v1.7.0-eksbuild.1',
      'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
      'kube-proxy': 'v1.35.3-eksbuild.29',
      'kube-state-metrics': 'v2.18.0-eksbuild.10',
      'metrics-server': 'v0.8.1-eksbuild.10',
      'prometheus-node-exporter': 'v1.10.2-eksbuild.8',
      'vpc-cni': 'v1.22.4-eksbuild.3',
    },
  },
};
