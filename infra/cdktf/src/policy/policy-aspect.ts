import type { IConstruct } from 'constructs';
import { addAspects, Annotations, App, TerraformStack, type IAspect } from '../cdktf.ts';
import type { EnvironmentName } from '../environments/environment.ts';
import { findExpired, findViolations, judge } from './engine.ts';
import type { Exemption } from './exemption.ts';
import { asAttributes, ResourceGraph } from './resource-graph.ts';
import type { PolicyRule } from './rule.ts';

/** What an environment is judged by. */
export interface Policy {
  readonly environment: EnvironmentName;
  readonly rules: readonly PolicyRule[];
  readonly exemptions: readonly Exemption[];
  /** Such as `2027-01-31`: exemptions run out. */
  readonly today: string;
}

/** Makes the synthesis of an app fail for whatever in its stacks breaks the policy. Called after the stacks were added. */
export function enforcePolicy(app: App, policy: Policy): void {
  const aspect = new PolicyAspect(policy);
  for (const stack of stacksOf(app)) addAspects(stack, [aspect]);
}

/** Adds an error to each construct that breaks the policy. The same one looks at all stacks, as rules look across them. */
class PolicyAspect implements IAspect {
  readonly #policy: Policy;
  #faults: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  visit(construct: IConstruct): void {
    const { root } = construct.node;
    if (!(root instanceof App)) return;
    this.#faults ??= findFaults(root, this.#policy);
    for (const message of this.#faults.get(construct.node.path) ?? []) Annotations.of(construct).addError(message);
  }
}

/** Messages by the construct they are about. What belongs to no construct is told of the first stack. */
function findFaults(app: App, policy: Policy): ReadonlyMap<string, readonly string[]> {
  const { open } = judge(findViolations(graphOf(app), policy.rules), policy.exemptions, policy.environment);
  const expired = findExpired(policy.exemptions, policy.today).map(
    ({ rule, reason, owner, expires }) =>
      `The exemption from ${rule} ran out on ${expires} ("${reason}"): ask ${owner}.`,
  );
  const known = new Set(app.node.findAll().map(({ node }) => node.path));
  const first = stacksOf(app)[0]?.node.path ?? '';
  const located = [
    ...open.map(({ path, message }) => ({ path: known.has(path) ? path : first, message })),
    ...expired.map((message) => ({ path: first, message })),
  ];
  const byPath = Map.groupBy(located, ({ path }) => path);
  return new Map([...byPath].map(([path, faults]) => [path, faults.map(({ message }) => message)]));
}

/** The graph of an app that is about to be written. */
function graphOf(app: App): ResourceGraph {
  return new ResourceGraph(
    stacksOf(app).map((stack) => ({
      name: stack.node.id,
      dependencies: stack.dependencies.map(({ node }) => node.id),
      terraform: asAttributes(stack.toTerraform()),
    })),
  );
}

function stacksOf(app: App): readonly TerraformStack[] {
  return app.node.findAll().filter((construct) => construct instanceof TerraformStack);
}
