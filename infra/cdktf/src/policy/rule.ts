import type { GraphResource, ResourceGraph } from './resource-graph.ts';

/** One demand of a scanner or benchmark that can be read from synthesized Terraform. */
export interface PolicyRule {
  /** What scanners and benchmarks call it: CKV checkov, AWS-nnnn trivy, the rest by the name of the benchmark. The first is its name here. */
  readonly ids: readonly [string, ...string[]];
  /** What must hold, after the name of a resource: `has flow logs of all traffic`. */
  readonly title: string;
  readonly check: (graph: ResourceGraph) => readonly Violation[];
}

/** Where a rule is broken. */
export interface Violation {
  /** Place of the resource in the code; the type that is missing when there is none at all. */
  readonly path: string;
  /** @default undefined - the title says it all */
  readonly detail?: string;
}

/** How a rule is called and what it says. */
export interface RuleName {
  readonly ids: readonly [string, ...string[]];
  readonly title: string;
}

export type Predicate = (resource: GraphResource, graph: ResourceGraph) => boolean;

/** Each resource of a type must be as the predicate says. */
export function each(types: string | readonly string[], rule: RuleName & { readonly holds: Predicate }): PolicyRule {
  const { ids, title, holds } = rule;
  const check = (graph: ResourceGraph) =>
    resourcesOf(graph, types)
      .filter((resource) => !holds(resource, graph))
      .map(({ path }) => ({ path }));
  return { ids, title, check };
}

/** There must be no resource of these types at all. */
export function none(types: string | readonly string[], rule: RuleName): PolicyRule {
  return each(types, { ...rule, holds: () => false });
}

/** An environment must have a resource of a type, one that is as the predicate says. */
export function some(type: string, rule: RuleName & { readonly holds?: Predicate }): PolicyRule {
  const { ids, title, holds = () => true } = rule;
  const check = (graph: ResourceGraph) =>
    graph.ofType(type).some((resource) => holds(resource, graph)) ? [] : [{ path: type }];
  return { ids, title, check };
}

/** Each resource of a type must be named by one of another type, as a bucket is by its versioning. */
export function accompanied(
  types: string | readonly string[],
  rule: RuleName & { readonly by: string; readonly holds?: Predicate },
): PolicyRule {
  const { by, holds = () => true } = rule;
  return each(types, {
    ...rule,
    holds: (resource, graph) => graph.referrersOf(resource, by).some((companion) => holds(companion, graph)),
  });
}

/** What a resource points at, whatever for. */
export function targetsOf(resource: GraphResource, graph: ResourceGraph): readonly GraphResource[] {
  return graph.referencesOf(resource).map(({ target }) => target);
}

function resourcesOf(graph: ResourceGraph, types: string | readonly string[]): readonly GraphResource[] {
  return (typeof types === 'string' ? [types] : types).flatMap((type) => graph.ofType(type));
}
