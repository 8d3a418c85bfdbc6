import type { Environment } from '../environments/environment.ts';
import type { SynthesizedStack } from '../policy/resource-graph.ts';

/** The stacks of an environment after what exists before anything of ours does: the public zone, which an organization has already. */
export function withWorldBefore(
  environment: Environment,
  stacks: readonly SynthesizedStack[],
): readonly SynthesizedStack[] {
  const before = worldBefore(environment);
  return [before, ...stacks.map((stack) => ({ ...stack, dependencies: [before.name, ...stack.dependencies] }))];
}

function worldBefore({ account, edge }: Environment): SynthesizedStack {
  return {
    name: 'world-before',
    dependencies: [],
    terraform: {
      terraform: { required_providers: { aws: { source: 'aws', version: '6.25.0' } } },
      provider: { aws: [{ region: account.region }] },
      resource: { aws_route53_zone: { zone: { name: edge.zoneName } } },
    },
  };
}
