import { statementsOf, type Statement } from '../policy/policy-statements.ts';
import type { GraphResource, ResourceGraph } from '../policy/resource-graph.ts';
import { fitsPattern } from '../policy/star-pattern.ts';

/** Something that a role would do. */
export interface Request {
  readonly action: string;
  /** Its ARN, as synthesized. @default anything: allowed on everything or not at all */
  readonly resource?: string;
  /** Values of keys that conditions ask for. @default none */
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Whether a role may do it by its own policies: they must allow it, its boundary must as well, and neither may deny it.
 * Policies of AWS count for nothing, as nobody here knows what they hold.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function mayDo(graph: ResourceGraph, role: GraphResource, request: Request): boolean {
  const own = graph.referrersOf(role, 'aws_iam_role_policy').flatMap((policy) => statementsOf(policy, 'policy'));
  const boundary = boundaryOf(graph, role);
  const limits = boundary === undefined ? [] : statementsOf(boundary, 'policy');
  const applies = (statement: Statement) => covers(statement, request);
  const isAllowed = (statements: readonly Statement[]) =>
    statements.some((statement) => statement.effect === 'Allow' && applies(statement));
  const isDenied = [...own, ...limits].some((statement) => statement.effect === 'Deny' && applies(statement));
  return isAllowed(own) && isAllowed(limits) && !isDenied;
}

/** Stacks name the boundary that the bootstrap makes, instead of pointing at it. */
function boundaryOf(graph: ResourceGraph, role: GraphResource): GraphResource | undefined {
  const isNamed = ({ attributes }: GraphResource) =>
    String(role.attributes.permissions_boundary).endsWith(`:policy/${String(attributes.name)}`);
  return graph.targetOf(role, 'permissions_boundary') ?? graph.ofType('aws_iam_policy').find(isNamed);
}

/** Of the patterns of IAM ours use stars alone. */
function covers({ actions, resources, conditions }: Statement, { action, resource, context = {} }: Request): boolean {
  return (
    actions.some((pattern) => fitsPattern(pattern.toLowerCase(), action.toLowerCase())) &&
    resources.some((pattern) => (resource === undefined ? pattern === '*' : fitsPattern(pattern, resource))) &&
    conditions.every(({ variable, values }) => values.some((pattern) => fitsPattern(pattern, context[variable] ?? '')))
  );
}
