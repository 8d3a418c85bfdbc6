import { numberAt, textsAt } from '../policy/attributes.ts';
import { asPolicy, type GraphResource, type ResourceGraph } from '../policy/resource-graph.ts';
import type { PodRequest } from './planned-pods.ts';

/** What a node has for pods. */
export interface NodeCapacity {
  readonly pods: number;
  readonly cpuMillis: number;
  readonly memoryMib: number;
}

/** Machines by type: processors, what is left of the memory beside the kernel, and addresses without prefixes. */
const machines: Readonly<Record<string, { cpus: number; memoryMib: number; addresses: number }>> = {
  't3.medium': { cpus: 2, memoryMib: 3_850, addresses: 17 },
};

/** Nodes that run all the time: those of groups on demand, at their smallest. */
export function smallestNodes(graph: ResourceGraph): readonly NodeCapacity[] {
  return graph
    .ofType('aws_eks_node_group')
    .filter(({ attributes }) => attributes.capacity_type !== 'SPOT')
    .flatMap((group) => {
      const count = numberAt(group.attributes, 'scaling_config.min_size') ?? 0;
      return Array.from({ length: count }, () => capacityOf(graph, group));
    });
}

/** Pods that find no room when each is put on the first node that has some, the largest first. */
export function findHomeless(nodes: readonly NodeCapacity[], pods: readonly PodRequest[]): readonly PodRequest[] {
  const free = nodes.map((node) => ({ ...node }));
  const bySize = pods.toSorted((one, other) => other.cpuMillis - one.cpuMillis || other.memoryMib - one.memoryMib);
  return bySize.filter(({ cpuMillis, memoryMib }) => {
    const home = free.find((node) => node.pods >= 1 && node.cpuMillis >= cpuMillis && node.memoryMib >= memoryMib);
    if (home === undefined) return true;
    home.pods -= 1;
    home.cpuMillis -= cpuMillis;
    home.memoryMib -= memoryMib;
    return false;
  });
}

function capacityOf(graph: ResourceGraph, group: GraphResource): NodeCapacity {
  const type = textsAt(group.attributes, 'instance_types')[0] ?? '';
  const machine = machines[type];
  if (machine === undefined) throw new Error(`It is not known how much fits on a ${type}.`);
  const pods = hasPrefixes(graph) ? maxPodsOf(graph, group) : machine.addresses;
  // The machine image of EKS keeps back 11 MiB for each pod it may run and 255 MiB, and evicts at 100 MiB.
  const memoryMib = machine.memoryMib - 11 * pods - 255 - 100;
  // It keeps back 6 % of the first processor, 1 % of the second.
  return { pods, cpuMillis: machine.cpus * 1_000 - 70, memoryMib };
}

/** Whether nodes hand out addresses by blocks of sixteen. Without that a node runs out of them long before memory. */
function hasPrefixes(graph: ResourceGraph): boolean {
  const plugin = graph.ofType('aws_eks_addon').find(({ attributes }) => attributes.addon_name === 'vpc-cni');
  const settings = asPolicy(plugin?.attributes.configuration_values);
  return textsAt(settings, 'env.ENABLE_PREFIX_DELEGATION')[0] === 'true';
}

function maxPodsOf(graph: ResourceGraph, group: GraphResource): number {
  const template = graph.referencesOf(group).find(({ target }) => target.type === 'aws_launch_template')?.target;
  const userData = Buffer.from(textsAt(template?.attributes, 'user_data')[0] ?? '', 'base64').toString();
  const found = /^\s*maxPods: (\d+)$/m.exec(userData)?.[1];
  if (found === undefined) throw new Error(`${group.path}: its nodes do not say how many pods they run.`);
  return Number(found);
}
