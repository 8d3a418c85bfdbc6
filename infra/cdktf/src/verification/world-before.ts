import type { Environment } from '../environments/environment.ts';
import type { SynthesizedStack } from '../policy/resource-graph.ts';

/** What exists before anything of ours does: the public zone, which an organization has already. */
export function worldBefore({ account, edge }: Environment): SynthesizedStack {
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
