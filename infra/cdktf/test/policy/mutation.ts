import { asAttributes, asPolicy, ResourceGraph, type Attributes } from '../../src/policy/resource-graph.ts';

/** The resources of one type in one stack, by their name in Terraform. */
type Blocks = Record<string, Attributes>;

/** A change of one stack's Terraform. Gives the changed blocks of its type, or undefined where there is nothing to change. */
export interface Mutation {
  readonly type: string;
  readonly change: (blocks: Blocks, stack: string) => Blocks | undefined;
}

/** Which resources a mutation is for, by their place in the code. */
export interface Target {
  /** @default any */
  readonly at?: RegExp;
  /** Attributes the resource must have. @default none */
  readonly having?: Attributes;
}

/** Sets an attribute of the first such resource; `undefined` removes it. Blocks are entered at their first. */
export function set(type: string, change: readonly [path: string, value: unknown], target: Target = {}): Mutation {
  const [path, value] = change;
  return edit(type, target, (attributes) => asAttributes(withValue(attributes, path.split('.'), value)));
}

/** Removes the first such resource. */
export function drop(type: string, target: Target = {}): Mutation {
  return edit(type, target, () => undefined);
}

/** Removes every such resource of the first stack that has one. */
export function dropAll(type: string, target: Target = {}): Mutation {
  return {
    type,
    change: (blocks) => {
      const kept = Object.entries(blocks).filter(([, block]) => !isMeant(block, target));
      return kept.length === Object.keys(blocks).length ? undefined : Object.fromEntries(kept);
    },
  };
}

/** Adds a resource that nobody asked for. */
export function add(type: string, attributes: Attributes, stack = 'network'): Mutation {
  const metadata = { metadata: { path: `${stack}/Added` } };
  return {
    type,
    change: (blocks, name) => (name === stack ? { ...blocks, added: { ...attributes, '//': metadata } } : undefined),
  };
}

/** Adds a statement to a policy that is written as JSON. */
export function allow(type: string, statement: Attributes, options: Target & { readonly in?: string } = {}): Mutation {
  const { in: attribute = 'policy', ...target } = options;
  return edit(type, target, (block) => {
    const policy = asPolicy(block[attribute]) ?? { Statement: [] };
    const statements = Array.isArray(policy.Statement) ? (policy.Statement as readonly unknown[]) : [];
    const added = { Effect: 'Allow', ...statement };
    return { ...block, [attribute]: JSON.stringify({ ...policy, Statement: [...statements, added] }) };
  });
}

/** The graph after a mutation of the first stack it applies to. Throws when it applies to none. */
export function mutated(graph: ResourceGraph, { type, change }: Mutation): ResourceGraph {
  for (const { name, terraform } of graph.stacks) {
    const kind = type.startsWith('data.') ? 'data' : 'resource';
    const all = asAttributes(terraform[kind]);
    const plain = type.replace(/^data\./, '');
    const blocks = change(asAttributes(all[plain]) as Blocks, name);
    if (blocks === undefined) continue;
    const changed = { ...terraform, [kind]: { ...all, [plain]: blocks } };
    return new ResourceGraph(
      graph.stacks.map((stack) => (stack.name === name ? { ...stack, terraform: changed } : stack)),
    );
  }
  throw new Error(`No stack has such an ${type} to change.`);
}

function edit(type: string, target: Target, change: (block: Attributes) => Attributes | undefined): Mutation {
  return {
    type,
    change: (blocks) => {
      const found = Object.entries(blocks).find(([, block]) => isMeant(block, target));
      if (found === undefined) return undefined;
      const [name, block] = found;
      const { [name]: _old, ...others } = blocks;
      const after = change(block);
      return after === undefined ? others : { ...others, [name]: after };
    },
  };
}

function isMeant(block: Attributes, { at = /^/, having = {} }: Target): boolean {
  const { path } = asAttributes(asAttributes(block['//']).metadata);
  return at.test(String(path)) && Object.entries(having).every(([name, value]) => block[name] === value);
}

function withValue(node: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(node)) {
    const [first, ...others] = node as readonly unknown[];
    return [withValue(first, path, value), ...others];
  }
  const { [key]: before, ...others } = asAttributes(node);
  const after = withValue(before, rest, value);
  return after === undefined ? others : { ...others, [key]: after };
}
