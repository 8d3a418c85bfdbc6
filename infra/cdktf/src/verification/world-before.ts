import type { Environment } from '../environments/environment.ts';
import { asAttributes, type SynthesizedStack } from '../policy/resource-graph.ts';

/** The stacks of an environment with what exists before anything of ours does: the public zone, which an organization has already. */
export function withWorldBefore(
  environment: Environment,
  stacks: readonly SynthesizedStack[],
): readonly SynthesizedStack[] {
  const before = worldBefore(environment);
  return [
    before,
    ...stacks.map((stack) =>
      'aws_route53_zone' in asAttributes(stack.terraform.data)
        ? { ...stack, dependencies: [before.name, ...stack.dependencies] }
        : stack,
    ),
  ];
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
