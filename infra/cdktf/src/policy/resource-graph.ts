/** Attributes of a block, as Terraform will read them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A resource or data source of a synthesized stack. */
export interface GraphResource {
  readonly stack: string;
  readonly kind: 'resource' | 'data';
  /** Such as `aws_vpc`. */
  readonly type: string;
  /** Name in Terraform: `Vpc_8378EB38`. */
  readonly logicalName: string;
  /** Place in the code: `network/Vpc/Resource`. Stable across environments. */
  readonly path: string;
  readonly attributes: Attributes;
}

/** One attribute that points at another resource, in the same stack or, through an output, in another. */
export interface Reference {
  /** Where in the attributes: `subnet_ids[0]`. */
  readonly at: string;
  readonly target: GraphResource;
  /** What of the target: `id`, `arn`, … */
  readonly attribute: string;
}

/** The Terraform of one stack. */
export interface SynthesizedStack {
  readonly name: string;
  /** Names of the stacks that must be applied before. */
  readonly dependencies: readonly string[];
  /** The whole of `cdk.tf.json`. */
  readonly terraform: Attributes;
}

/** Everything an environment consists of, as synthesized: what rules, models and tests look at. */
export class ResourceGraph {
  readonly stacks: readonly SynthesizedStack[];
  readonly resources: readonly GraphResource[];
  readonly #byAddress: ReadonlyMap<string, GraphResource>;
  readonly #references = new Map<GraphResource, readonly Reference[]>();

  constructor(stacks: readonly SynthesizedStack[]) {
    this.stacks = stacks;
    this.resources = stacks.flatMap(resourcesOf);
    this.#byAddress = new Map(this.resources.map((resource) => [addressOf(resource), resource]));
  }

  stack(name: string): SynthesizedStack {
    const found = this.stacks.find((stack) => stack.name === name);
    if (found === undefined) throw new Error(`There is no stack "${name}".`);
    return found;
  }

  /** Resources of a type, such as `aws_subnet`, in all stacks. */
  ofType(type: string): readonly GraphResource[] {
    return this.resources.filter((resource) => resource.kind === 'resource' && resource.type === type);
  }

  /** The one resource at a place in the code. A construct's own resource is found by the construct's path as well. */
  at(path: string): GraphResource {
    const found = this.resources.find((resource) => resource.path === path || resource.path === `${path}/Resource`);
    if (found === undefined) throw new Error(`There is no resource at "${path}".`);
    return found;
  }

  /** All references of a resource, whatever expression they stand in. */
  referencesOf(resource: GraphResource): readonly Reference[] {
    const known = this.#references.get(resource);
    if (known !== undefined) return known;
    const found = textsIn(resource.attributes, '').flatMap(({ at, text }) => this.#resolve(resource.stack, text, at));
    this.#references.set(resource, found);
    return found;
  }

  /** What one attribute points at, such as `['vpc_id']`: the first target, or undefined for a plain value. */
  targetOf(resource: GraphResource, attribute: string): GraphResource | undefined {
    return this.referencesIn(resource.stack, resource.attributes[attribute])[0]?.target;
  }

  /** References within any value of a stack. */
  referencesIn(stack: string, value: unknown): readonly Reference[] {
    return textsIn(value, '').flatMap(({ at, text }) => this.#resolve(stack, text, at));
  }

  /** Resources of a type that point at another one. */
  referrersOf(target: GraphResource, type: string): readonly GraphResource[] {
    return this.ofType(type).filter((resource) =>
      this.referencesOf(resource).some((reference) => reference.target === target),
    );
  }

  #resolve(stack: string, text: string, at: string): readonly Reference[] {
    return expressionsIn(text).flatMap((expression) => [
      ...this.#resolveLocal(stack, expression, at),
      ...this.#resolveRemote(expression, at),
    ]);
  }

  #resolveLocal(stack: string, expression: string, at: string): readonly Reference[] {
    const pattern = /\b(data\.)?((?:aws|kubernetes|tls)_\w+)\.([\w-]+)(?:\[[^\]]*\])?(?:\.([\w.]+))?/g;
    return [...expression.matchAll(pattern)].flatMap(([, data, type = '', logicalName = '', attribute = '']) => {
      const kind = data === undefined ? 'resource' : 'data';
      const target = this.#byAddress.get(addressOf({ stack, kind, type, logicalName }));
      return target === undefined ? [] : [{ at, target, attribute }];
    });
  }

  /** `data.terraform_remote_state.cross-stack-reference-input-network.outputs.NAME` is an output of the stack network. */
  #resolveRemote(expression: string, at: string): readonly Reference[] {
    const pattern = /\bdata\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/g;
    return [...expression.matchAll(pattern)].flatMap(([, input = '', output = '']) => {
      const stack = input.replace(/^cross-stack-reference-input-/, '');
      const outputs = asAttributes(this.stack(stack).terraform.output);
      const value = asAttributes(outputs[output]).value;
      return typeof value === 'string' ? this.#resolve(stack, value, at) : [];
    });
  }
}

/** Whether a value is a block, and its attributes; nothing when it is something else. */
export function asAttributes(value: unknown): Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A policy that a stack writes as JSON, read again. Undefined when the value is no JSON object. */
export function asPolicy(value: unknown): Attributes | undefined {
  if (typeof value !== 'string' || !value.startsWith('{')) return undefined;
  const parsed: unknown = JSON.parse(value);
  return asAttributes(parsed);
}

function resourcesOf({ name, terraform }: SynthesizedStack): readonly GraphResource[] {
  return (['resource', 'data'] as const).flatMap((kind) =>
    Object.entries(asAttributes(terraform[kind])).flatMap(([type, blocks]) =>
      Object.entries(asAttributes(blocks)).map(([logicalName, block]) => {
        const { '//': notes, ...attributes } = asAttributes(block);
        const { path } = asAttributes(asAttributes(notes).metadata);
        return {
          stack: name,
          kind,
          type,
          logicalName,
          path: typeof path === 'string' ? path : logicalName,
          attributes,
        };
      }),
    ),
  );
}

function addressOf(resource: Pick<GraphResource, 'stack' | 'kind' | 'type' | 'logicalName'>): string {
  return [resource.stack, resource.kind, resource.type, resource.logicalName].join('.');
}

function textsIn(value: unknown, at: string): readonly { readonly at: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ at, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, `${at}[${index}]`));
  return Object.entries(asAttributes(value)).flatMap(([key, item]) => textsIn(item, at === '' ? key : `${at}.${key}`));
}

function expressionsIn(text: string): readonly string[] {
  return [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, expression = '']) => expression);
}
