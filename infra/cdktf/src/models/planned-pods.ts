import type { EnvironmentName } from '../environments/environment.ts';

/** What a pod asks for. */
export interface PodRequest {
  readonly name: string;
  readonly cpuMillis: number;
  readonly memoryMib: number;
}

/** Pods of one kind. */
export interface PlannedPods extends PodRequest {
  /** How many at least. */
  readonly count: Readonly<Record<EnvironmentName, number>>;
}

/** One on each node. */
export const nodeAgents: readonly PodRequest[] = [
  { name: 'aws-node', cpuMillis: 50, memoryMib: 64 },
  { name: 'kube-proxy', cpuMillis: 100, memoryMib: 32 },
  { name: 'eks-pod-identity-agent', cpuMillis: 10, memoryMib: 20 },
  { name: 'ebs-csi-node', cpuMillis: 30, memoryMib: 120 },
  { name: 'prometheus-node-exporter', cpuMillis: 50, memoryMib: 32 },
  { name: 'cloudwatch-agent', cpuMillis: 100, memoryMib: 128 },
  { name: 'fluent-bit', cpuMillis: 50, memoryMib: 64 },
  { name: 'eks-node-monitoring-agent', cpuMillis: 10, memoryMib: 30 },
];

const twice = { dev: 2, staging: 2, production: 2 } as const;
const once = { dev: 1, staging: 1, production: 1 } as const;
const doubledWhenLive = { dev: 1, staging: 1, production: 2 } as const;
const api = { dev: 2, staging: 2, production: 3 } as const;

/** Everything else at its smallest, while a release has both colours up. What stacks of workloads declare takes the place of these lines. */
export const plannedPods: readonly PlannedPods[] = [
  { name: 'coredns', count: twice, cpuMillis: 100, memoryMib: 70 },
  { name: 'metrics-server', count: twice, cpuMillis: 50, memoryMib: 100 },
  { name: 'kube-state-metrics', count: once, cpuMillis: 20, memoryMib: 64 },
  { name: 'ebs-csi-controller', count: twice, cpuMillis: 60, memoryMib: 240 },
  { name: 'aws-load-balancer-controller', count: twice, cpuMillis: 50, memoryMib: 100 },
  { name: 'cluster-autoscaler', count: once, cpuMillis: 50, memoryMib: 128 },
  { name: 'cloudwatch-operator', count: once, cpuMillis: 20, memoryMib: 64 },
  { name: 'otel-collector', count: doubledWhenLive, cpuMillis: 50, memoryMib: 128 },
  { name: 'prometheus', count: doubledWhenLive, cpuMillis: 150, memoryMib: 512 },
  { name: 'alertmanager', count: doubledWhenLive, cpuMillis: 20, memoryMib: 64 },
  { name: 'grafana', count: once, cpuMillis: 50, memoryMib: 160 },
  { name: 'pushgateway', count: once, cpuMillis: 10, memoryMib: 32 },
  { name: 'postgres-exporter', count: once, cpuMillis: 10, memoryMib: 32 },
  { name: 'redis-exporter', count: once, cpuMillis: 10, memoryMib: 32 },
  { name: 'api-blue', count: api, cpuMillis: 200, memoryMib: 256 },
  { name: 'api-green', count: api, cpuMillis: 200, memoryMib: 256 },
  { name: 'api-surge', count: once, cpuMillis: 200, memoryMib: 256 },
  { name: 'worker', count: twice, cpuMillis: 100, memoryMib: 256 },
];
