import { blocksAt, numberAt } from '../policy/attributes.ts';
import type { GraphResource, ResourceGraph } from '../policy/resource-graph.ts';
import type { ServiceTimings } from './service-timings.ts';

/** Every way in which times do not fit together, so that a release or the end of a pod would fail a request. */
export function findDowntimeFaults(graph: ResourceGraph, timings: ServiceTimings): readonly string[] {
  return [
    ...graph.ofType('aws_lb').flatMap((balancer) => balancerFaults(balancer, timings)),
    ...graph.ofType('aws_lb_target_group').flatMap((group) => targetFaults(group, timings)),
    ...graph.ofType('aws_lb_listener').flatMap(weightFaults),
    ...processFaults(timings),
  ];
}

function balancerFaults({ path, attributes }: GraphResource, { keepAlive }: ServiceTimings): readonly string[] {
  const idle = numberAt(attributes, 'idle_timeout') ?? 60;
  return faultIf(
    idle >= keepAlive,
    `${path}: idle_timeout ${idle} s is not below the ${keepAlive} s of the server, which would close first.`,
  );
}

function targetFaults({ path, attributes }: GraphResource, timings: ServiceTimings): readonly string[] {
  const deregistration = numberAt(attributes, 'deregistration_delay') ?? 300;
  const interval = numberAt(attributes, 'health_check.interval') ?? 30;
  const timeout = numberAt(attributes, 'health_check.timeout') ?? 5;
  const { preStop, drain, gracePeriod } = timings;
  return [
    ...faultIf(
      preStop + drain > deregistration,
      `${path}: the pod serves ${preStop + drain} s more, but requests are cut after ${deregistration} s.`,
    ),
    ...faultIf(
      deregistration > gracePeriod,
      `${path}: requests may take ${deregistration} s, but the pod is killed after ${gracePeriod} s.`,
    ),
    ...faultIf(timeout >= interval, `${path}: a health check takes ${timeout} s and comes every ${interval} s.`),
  ];
}

/** Weights say who gets the requests: together all, and somebody some. */
function weightFaults({ path, attributes }: GraphResource): readonly string[] {
  const weights = blocksAt(attributes, 'default_action')
    .flatMap((action) => blocksAt(action, 'forward.target_group'))
    .map((target) => numberAt(target, 'weight') ?? 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return faultIf(weights.length > 0 && sum !== 100, `${path}: the weights of the colours are ${sum} in all, not 100.`);
}

function processFaults({ preStop, drain, shutdown, gracePeriod }: ServiceTimings): readonly string[] {
  const needed = preStop + drain + shutdown;
  return faultIf(needed > gracePeriod, `A pod needs ${needed} s to end in order and is killed after ${gracePeriod} s.`);
}

function faultIf(isBroken: boolean, fault: string): readonly string[] {
  return isBroken ? [fault] : [];
}
