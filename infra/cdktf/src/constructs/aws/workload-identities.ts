import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EksCluster } from './eks-cluster.ts';
import { PodIdentityRole } from './pod-identity-role.ts';

export interface WorkloadIdentitiesProps {
  readonly cluster: EksCluster;
}

/** The roles of what we run in the cluster ourselves, one for each service account. What they may do on buckets, databases and target groups is granted by those. */
export class WorkloadIdentities extends Construct {
  readonly api: PodIdentityRole;
  readonly worker: PodIdentityRole;
  /** Changes the schema of the database, before a release. */
  readonly migration: PodIdentityRole;
  /** Registers pods with target groups. */
  readonly loadBalancerController: PodIdentityRole;
  /** Adds and removes nodes. */
  readonly autoscaler: PodIdentityRole;
  /** Receives traces and sends them to X-Ray. */
  readonly collector: PodIdentityRole;

  constructor(scope: Construct, id: string, { cluster }: WorkloadIdentitiesProps) {
    super(scope, id);
    const identity = (roleId: string, account: string, description: string) => {
      const [namespace = '', name = ''] = account.split('/');
      return new PodIdentityRole(this, roleId, { cluster, serviceAccount: { namespace, name }, name, description });
    };
    this.api = identity('Api', 'stowage/api', 'The API');
    this.worker = identity('Worker', 'stowage/worker', 'Jobs of the worker');
    this.migration = identity('Migration', 'stowage/migration', 'Migrations of the database');
    this.loadBalancerController = identity(
      'LoadBalancerController',
      'kube-system/aws-load-balancer-controller',
      'Registers pods with target groups',
    );
    this.autoscaler = identity('Autoscaler', 'kube-system/cluster-autoscaler', 'Adds and removes nodes');
    this.collector = identity('Collector', 'monitoring/otel-collector', 'Sends traces to X-Ray');
    this.#allowScaling(cluster);
    this.#allowTracing();
  }

  /** Looks at all groups, as AWS lets nobody look at some; changes those that carry the cluster's tag. */
  #allowScaling({ clusterName }: EksCluster): void {
    this.autoscaler.allow('ScaleNodes', [
      {
        actions: [
          'autoscaling:DescribeAutoScalingGroups',
          'autoscaling:DescribeAutoScalingInstances',
          'autoscaling:DescribeLaunchConfigurations',
          'autoscaling:DescribeScalingActivities',
          'ec2:DescribeImages',
          'ec2:DescribeInstanceTypes',
          'ec2:DescribeLaunchTemplateVersions',
          'ec2:GetInstanceTypesFromInstanceRequirements',
        ],
        resources: ['*'],
      },
      {
        actions: ['autoscaling:SetDesiredCapacity', 'autoscaling:TerminateInstanceInAutoScalingGroup'],
        resources: [
          BaseStack.of(this).arn({ service: 'autoscaling', resource: 'autoScalingGroup:*:autoScalingGroupName/*' }),
        ],
        conditions: { StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: 'owned' } },
      },
      {
        actions: ['eks:DescribeNodegroup'],
        resources: [BaseStack.of(this).arn({ service: 'eks', resource: `nodegroup/${clusterName}/*` })],
      },
    ]);
  }

  /** X-Ray has no resources to name. */
  #allowTracing(): void {
    this.collector.allow('SendTraces', [
      {
        actions: [
          'xray:GetSamplingRules',
          'xray:GetSamplingStatisticSummaries',
          'xray:GetSamplingTargets',
          'xray:PutTelemetryRecords',
          'xray:PutTraceSegments',
        ],
        resources: ['*'],
      },
    ]);
  }
}
