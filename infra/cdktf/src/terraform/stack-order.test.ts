import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inOrder, selected } from './stack-order.ts';

function stack(name: string, ...dependencies: readonly string[]) {
  return { name, dependencies };
}

describe('inOrder', () => {
  it('puts each stack after those it depends on', () => {
    const stacks = [stack('edge', 'network'), stack('cluster', 'edge', 'network'), stack('network')];
    expect(inOrder(stacks).map(({ name }) => name)).toEqual(['network', 'edge', 'cluster']);
  });

  it('does so for any graph without circles', () => {
    const graphs = fc.array(fc.array(fc.nat(19), { maxLength: 5 }), { maxLength: 20 }).map((edges) =>
      // Depending on lower numbers alone makes no circle.
      edges.map((targets, index) => stack(`s${index}`, ...targets.filter((to) => to < index).map((to) => `s${to}`))),
    );
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat()), (stacks, draws) => {
        const shuffled = stacks
          .map((item) => ({ item, key: Number(draws.next().value) }))
          .sort((one, other) => one.key - other.key)
          .map(({ item }) => item);
        const names = inOrder(shuffled).map(({ name }) => name);
        expect(names.toSorted()).toEqual(stacks.map(({ name }) => name).toSorted());
        for (const { name, dependencies } of stacks)
          for (const dependency of dependencies) expect(names.indexOf(dependency)).toBeLessThan(names.indexOf(name));
      }),
    );
  });

  it('names a circle, and a stack that is not there', () => {
    expect(() => inOrder([stack('a', 'b'), stack('b', 'a')])).toThrow('Stacks depend on each other: a → b → a.');
    expect(() => inOrder([stack('a', 'gone')])).toThrow('a depends on gone, which is not there.');
  });
});

describe('selected', () => {
  const stacks = [stack('network'), stack('data', 'network'), stack('cluster', 'network')];

  it('keeps the order, whatever order the names come in', () => {
    expect(selected(stacks, ['cluster', 'network']).map(({ name }) => name)).toEqual(['network', 'cluster']);
    expect(selected(stacks, [])).toEqual(stacks);
  });

  it('refuses a name that no stack has', () => {
    expect(() => selected(stacks, ['netwrok'])).toThrow('There is no stack netwrok. There are network, data, cluster.');
  });
});
