import { Refusal } from '../refusal.ts';

/** What the order of stacks follows from. */
export interface OrderedStack {
  readonly name: string;
  /** Stacks that must be applied before. */
  readonly dependencies: readonly string[];
}

/**
 * The stacks with each after those it depends on, and otherwise as they come. Throws when a stack depends on itself
 * by way of others, or on one that is not there.
 */
export function inOrder<Stack extends OrderedStack>(stacks: readonly Stack[]): readonly Stack[] {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const ordered = new Set<Stack>();
  const visit = (name: string, path: readonly string[]): void => {
    const stack = byName.get(name);
    if (stack === undefined) throw new Error(`${path.at(-1) ?? 'Nothing'} depends on ${name}, which is not there.`);
    if (path.includes(name)) throw new Error(`Stacks depend on each other: ${[...path, name].join(' → ')}.`);
    if (ordered.has(stack)) return;
    for (const dependency of stack.dependencies) visit(dependency, [...path, name]);
    ordered.add(stack);
  };
  for (const { name } of stacks) visit(name, []);
  return [...ordered];
}

/** The stacks of these names, in the order of `stacks`; all of them when no name is given. Throws on a name that none has. */
export function selected<Stack extends OrderedStack>(
  stacks: readonly Stack[],
  names: readonly string[],
): readonly Stack[] {
  const unknown = names.filter((name) => !stacks.some((stack) => stack.name === name));
  if (unknown.length > 0)
    throw new Refusal(
      `There is no stack ${unknown.join(', ')}. There are ${stacks.map(({ name }) => name).join(', ')}.`,
    );
  return names.length === 0 ? stacks : stacks.filter(({ name }) => names.includes(name));
}
