import { asAttributes, type ResourceGraph } from '../policy/resource-graph.ts';
import { inOrder } from '../terraform/stack-order.ts';
import { page, table } from './markdown.ts';
import type { SynthesizedEnvironment } from './synthesized-environment.ts';

/** What stacks hand to each other: a contract, as renaming one side breaks the other until both are applied. */
export function renderOutputs(environments: readonly SynthesizedEnvironment[]): string {
  const names = [...new Set(environments.flatMap(({ graph }) => inOrder(graph.stacks).map(({ name }) => name)))];
  return page('Outputs', [
    'What a stack hands to others, by what it is and where it stands in the code. All are marked sensitive by CDKTF; none is a secret.',
    ...names.flatMap((stack) => {
      const rows = rowsOf(stack, environments);
      return rows.length === 0 ? [] : [`## ${stack}`, table(['output', 'used by', 'in'], rows)];
    }),
  ]);
}

function rowsOf(stack: string, environments: readonly SynthesizedEnvironment[]): readonly (readonly string[])[] {
  const outputs = environments.flatMap(({ environment, graph }) =>
    outputsOf(graph, stack).map(({ name, value }) => ({ name, value, environment: environment.name, graph })),
  );
  return [...Map.groupBy(outputs, ({ value }) => value)]
    .map(([value, uses]) => [
      value,
      [...new Set(uses.flatMap(({ graph, name }) => usersOf(graph, stack, name)))].join(', '),
      uses.length === environments.length ? 'all' : uses.map(({ environment }) => environment).join(', '),
    ])
    .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1));
}

interface Output {
  readonly name: string;
  /** Place in the code and attribute. */
  readonly value: string;
}

function outputsOf(graph: ResourceGraph, stack: string): readonly Output[] {
  return Object.entries(asAttributes(graph.stack(stack).terraform.output)).map(([name, output]) => {
    const [reference] = graph.referencesIn(stack, asAttributes(output).value);
    const value = reference === undefined ? `\`${name}\`` : `\`${reference.attribute}\` of ${reference.target.path}`;
    return { name, value };
  });
}

function usersOf(graph: ResourceGraph, producer: string, output: string): readonly string[] {
  const reference = `cross-stack-reference-input-${producer}.outputs.${output}}`;
  return graph.stacks.filter(({ terraform }) => JSON.stringify(terraform).includes(reference)).map(({ name }) => name);
}
