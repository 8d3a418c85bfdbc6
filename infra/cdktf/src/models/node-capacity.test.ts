import { describe, expect, it } from '@jest/globals';
import { mutated, set } from '../../test/policy/mutation.ts';
import { synthesized } from '../../test/synthesized.ts';
import type { EnvironmentName } from '../environments/environment.ts';
import { environmentNames } from '../environments/read-environment.ts';
import { findHomeless, smallestNodes, type NodeCapacity } from './node-capacity.ts';
import { nodeAgents, plannedPods, type PodRequest } from './planned-pods.ts';

/** All pods at their smallest, agents of nodes included. */
function podsOf(name: EnvironmentName, nodes: number): readonly PodRequest[] {
  return [
    ...plannedPods.flatMap((pods) => Array.from({ length: pods.count[name] }, () => pods)),
    ...nodeAgents.flatMap((agent) => Array.from({ length: nodes }, () => agent)),
  ];
}

/** What is left of a node beside its own agents. */
function besideAgents(node: NodeCapacity): NodeCapacity {
  return nodeAgents.reduce(
    ({ pods, cpuMillis, memoryMib }, agent) => ({
      pods: pods - 1,
      cpuMillis: cpuMillis - agent.cpuMillis,
      memoryMib: memoryMib - agent.memoryMib,
    }),
    node,
  );
}

describe('the smallest cluster', () => {
  it.each(environmentNames)('of %s has room for everything, both colours up', (name) => {
    const nodes = smallestNodes(synthesized(name)).map(besideAgents);
    const pods = podsOf(name, 0);
    expect(findHomeless(nodes, pods).map((pod) => pod.name)).toEqual([]);
    const share = (of: 'cpuMillis' | 'memoryMib') =>
      Math.round((100 * pods.reduce((sum, pod) => sum + pod[of], 0)) / nodes.reduce((sum, node) => sum + node[of], 0));
    process.stdout.write(
      `capacity: ${name} ${nodes.length} × t3.medium, ${podsOf(name, nodes.length).length} pods, ` +
        `${share('cpuMillis')} % of the CPU and ${share('memoryMib')} % of the memory beside agents asked for\n`,
    );
  });

  it.each(environmentNames)('of %s would run out of addresses without prefixes', (name) => {
    const plain = set('aws_eks_addon', ['configuration_values', '{}'], { having: { addon_name: 'vpc-cni' } });
    const nodes = smallestNodes(mutated(synthesized(name), plain));
    expect(nodes[0]?.pods).toBe(17);
    expect(podsOf(name, nodes.length).length).toBeGreaterThan(17 * nodes.length);
  });

  it('would not do with a node less', () => {
    const [, ...fewer] = smallestNodes(synthesized('dev')).map(besideAgents);
    expect(findHomeless(fewer, podsOf('dev', 0))).not.toEqual([]);
  });
});
