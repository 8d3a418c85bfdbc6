import { contentRules, managedGroups, type ContentRule } from '../edge/managed-rules.ts';
import { blocksAt, textsAt, valueAt } from '../policy/attributes.ts';
import type { Attributes, GraphResource } from '../policy/resource-graph.ts';

/** A request as a firewall sees it. */
export interface ModelRequest {
  readonly method: string;
  readonly path: string;
  /** Rules of AWS that it would set off, such as `SQLi_BODY`. @default none */
  readonly setsOff?: readonly string[];
}

/** What becomes of a request. */
export interface Verdict {
  /** Name of the rule that refuses it; undefined when it passes. */
  readonly refusedBy: string | undefined;
  readonly labels: ReadonlySet<string>;
}

/** What AWS WAF would do with a request by the rules of a synthesized web ACL, but for rates and addresses. */
export function judge(acl: GraphResource, request: ModelRequest): Verdict {
  const labels = new Set<string>();
  for (const rule of inOrder(acl)) {
    const name = String(rule.name);
    const group = valueAt(rule, 'statement.managed_rule_group_statement');
    if (group !== undefined) {
      for (const fired of contentRulesOf(group).filter((one) => request.setsOff?.includes(one.rule))) {
        if (!isCounted(group, fired)) return { refusedBy: name, labels };
        labels.add(fired.label);
      }
    } else if (matches(valueAt(rule, 'statement'), request, labels)) {
      if (blocksAt(rule, 'action.block').length > 0) return { refusedBy: name, labels };
      for (const { name: label } of blocksAt(rule, 'rule_label')) labels.add(String(label));
    }
  }
  return { refusedBy: undefined, labels };
}

/** Units of capacity that a synthesized web ACL uses. AWS asks nothing for joining statements; one unit each keeps a reserve. */
export function capacityOf(acl: GraphResource): number {
  return inOrder(acl).reduce((sum, rule) => sum + statementCapacity(valueAt(rule, 'statement')), 0);
}

function inOrder({ attributes }: GraphResource): readonly Attributes[] {
  return [...blocksAt(attributes, 'rule')].sort((a, b) => Number(a.priority) - Number(b.priority));
}

function contentRulesOf(group: unknown): readonly ContentRule[] {
  const name = valueAt(group, 'name');
  return (['body', 'path', 'query'] as const).flatMap(contentRules).filter((rule) => rule.group.name === name);
}

function isCounted(group: unknown, { rule }: ContentRule): boolean {
  return blocksAt(group, 'rule_action_override').some(
    (override) => override.name === rule && blocksAt(override, 'action_to_use.count').length > 0,
  );
}

function matches(statement: unknown, request: ModelRequest, labels: ReadonlySet<string>): boolean {
  const [kind, inner] = only(statement);
  const parts = blocksAt(inner, 'statement');
  switch (kind) {
    case 'byte_match_statement':
      return request.method === valueAt(inner, 'search_string');
    case 'regex_match_statement':
      return new RegExp(textsAt(inner, 'regex_string').join('')).test(request.path);
    case 'label_match_statement':
      return labels.has(textsAt(inner, 'key').join(''));
    case 'and_statement':
      return parts.every((part) => matches(part, request, labels));
    case 'or_statement':
      return parts.some((part) => matches(part, request, labels));
    case 'not_statement':
      return !parts.some((part) => matches(part, request, labels));
    case 'rate_based_statement':
      return false;
    default:
      throw new Error(`The model does not know ${kind}.`);
  }
}

function statementCapacity(statement: unknown): number {
  const [kind, inner] = only(statement);
  const parts = () => blocksAt(inner, 'statement').reduce((sum, part) => sum + statementCapacity(part), 0);
  switch (kind) {
    case 'byte_match_statement':
      return 2;
    case 'regex_match_statement':
      return 3;
    case 'label_match_statement':
      return 1;
    case 'and_statement':
    case 'or_statement':
    case 'not_statement':
      return 1 + parts();
    case 'rate_based_statement':
      return 2 + blocksAt(inner, 'scope_down_statement').reduce((sum, part) => sum + statementCapacity(part), 0);
    case 'managed_rule_group_statement':
      return groupCapacity(valueAt(inner, 'name'));
    default:
      throw new Error(`The model does not know ${kind}.`);
  }
}

function groupCapacity(name: unknown): number {
  const group = Object.values(managedGroups).find((one) => one.name === name);
  if (group === undefined) throw new Error(`The capacity of ${String(name)} is not known.`);
  return group.capacity;
}

/** A statement is one block, named after its kind. */
function only(statement: unknown): readonly [kind: string, inner: unknown] {
  const [entry, second] = Object.entries(statement ?? {});
  if (entry === undefined || second !== undefined) throw new Error('A statement is of one kind.');
  return entry;
}
