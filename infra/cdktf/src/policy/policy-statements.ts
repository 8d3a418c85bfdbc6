import { blocksAt, isRecord } from './attributes.ts';
import { asPolicy, type GraphResource } from './resource-graph.ts';

/** One statement of an IAM policy, in one shape whichever way it was written. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Whether `actions` or `resources` say what is left out instead. */
  readonly isInverted: boolean;
  readonly resources: readonly string[];
  readonly principals: readonly Principal[];
  readonly conditions: readonly Condition[];
}

export interface Principal {
  /** `AWS`, `Service`, `Federated`, or `*`. */
  readonly type: string;
  readonly identifiers: readonly string[];
}

export interface Condition {
  readonly test: string;
  readonly variable: string;
  readonly values: readonly string[];
}

/** Conditions that say who a request must come from, or through what. */
const limiting =
  /^(?:aws:(?:PrincipalAccount|PrincipalArn|PrincipalOrgID|SourceAccount|SourceArn|SourceVpce|SourceVpc|ResourceAccount)|kms:CallerAccount)$/i;

/**
 * The statements of the policy that an attribute holds, none when it is not set.
 * @throws Error when it is not JSON: nobody could check it
 */
export function statementsOf(resource: GraphResource, attribute: string): readonly Statement[] {
  const value = resource.attributes[attribute];
  if (value === undefined) return [];
  const policy = asPolicy(value);
  if (policy === undefined) throw new Error(`${resource.path}: ${attribute} is no JSON, so nobody can check it.`);
  return blocksAt(policy, 'Statement').map((statement) => ({
    effect: statement.Effect === 'Deny' ? 'Deny' : 'Allow',
    actions: [...listOf(statement.Action), ...listOf(statement.NotAction)],
    isInverted: statement.NotAction !== undefined || statement.NotResource !== undefined,
    resources: [...listOf(statement.Resource), ...listOf(statement.NotResource)],
    principals: principalsOf(statement.Principal),
    conditions: conditionsOf(statement.Condition),
  }));
}

/** The statements of a policy that allow something. */
export function grantsOf(resource: GraphResource, attribute: string): readonly Statement[] {
  return statementsOf(resource, attribute).filter(({ effect }) => effect === 'Allow');
}

/** Whether a statement is for anybody at all, with no condition that names who. */
export function admitsAnybody({ principals, conditions }: Statement): boolean {
  const isAnybody = principals.some(({ identifiers }) => identifiers.includes('*'));
  return isAnybody && !conditions.some(namesWho);
}

function namesWho({ test, variable, values }: Condition): boolean {
  return limiting.test(variable) && !test.includes('Not') && !values.includes('*');
}

function principalsOf(value: unknown): readonly Principal[] {
  if (typeof value === 'string') return [{ type: '*', identifiers: [value] }];
  return entriesOf(value).map(([type, names]) => ({ type, identifiers: listOf(names) }));
}

function conditionsOf(value: unknown): readonly Condition[] {
  return entriesOf(value).flatMap(([test, variables]) =>
    entriesOf(variables).map(([variable, values]) => ({ test, variable, values: listOf(values) })),
  );
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value) : [];
}

/** A policy may write a list of one as the one. */
function listOf(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item === 'string');
}
