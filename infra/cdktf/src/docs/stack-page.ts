import type { ResourceGraph } from '../policy/resource-graph.ts';
import { inOrder } from '../terraform/stack-order.ts';
import { page, table } from './markdown.ts';
import type { SynthesizedEnvironment } from './synthesized-environment.ts';

/** Which stacks there are, in which order they are applied, and what they hold. */
export function renderStacks(environments: readonly SynthesizedEnvironment[]): string {
  const largest = environments.at(-1);
  if (largest === undefined) throw new Error('There is no environment to describe.');
  const names = environments.map(({ environment }) => environment.name);
  const stacks = inOrder(largest.graph.stacks);
  return page('Stacks', [
    'An arrow leads from a stack to those that use it and are applied after it.',
    picture(largest.graph),
    '## Resources',
    table(
      ['stack', ...names],
      [
        ...stacks.map(({ name }) => [name, ...environments.map(({ graph }) => String(countIn(graph, name)))]),
        ['**in all**', ...environments.map(({ graph }) => `**${resourcesOf(graph).length}**`)],
      ],
    ),
    ...stacks.flatMap(({ name }) => [`## ${name}`, table(['type', ...names], typesOf(name, environments))]),
  ]);
}

/** Without arrows that others already imply, so that the picture stays one. */
function picture(graph: ResourceGraph): string {
  const stacks = inOrder(graph.stacks);
  const dependencies = new Map(stacks.map(({ name, dependencies: before }) => [name, before]));
  const isBefore = (one: string, other: string): boolean =>
    (dependencies.get(other) ?? []).some((before) => before === one || isBefore(one, before));
  const arrows = stacks.flatMap(({ name, dependencies: before }) =>
    before
      .filter((one) => !before.some((other) => other !== one && isBefore(one, other)))
      .map((one) => `  ${one} --> ${name}`),
  );
  const boxes = stacks.map(({ name }) => `  ${name}["${name}<br/>${countIn(graph, name)} resources"]`);
  return ['```mermaid', 'flowchart LR', ...boxes, ...arrows, '```'].join('\n');
}

function typesOf(stack: string, environments: readonly SynthesizedEnvironment[]): readonly (readonly string[])[] {
  const counts = environments.map(({ graph }) => {
    const types = resourcesOf(graph).filter((resource) => resource.stack === stack);
    return new Map([...Map.groupBy(types, ({ type }) => type)].map(([type, all]) => [type, all.length]));
  });
  const types = [...new Set(counts.flatMap((count) => [...count.keys()]))].sort();
  return types.map((type) => [`\`${type}\``, ...counts.map((count) => String(count.get(type) ?? '–'))]);
}

function countIn(graph: ResourceGraph, stack: string): number {
  return resourcesOf(graph).filter((resource) => resource.stack === stack).length;
}

function resourcesOf(graph: ResourceGraph): ResourceGraph['resources'] {
  return graph.resources.filter(({ kind }) => kind === 'resource');
}
