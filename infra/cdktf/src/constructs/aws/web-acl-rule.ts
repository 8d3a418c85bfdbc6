import { capacityOf, labelsOf, type Match } from './web-acl-match.ts';

/** Rules that AWS writes and keeps up to date. */
export interface ManagedGroup {
  readonly name: string;
  /** Units of capacity that AWS reserves for it. */
  readonly capacity: number;
}

/** Puts a label on requests, for later rules to see. Refuses nothing. */
export interface LabelRule {
  readonly kind: 'label';
  readonly name: string;
  readonly match: Match;
  readonly label: string;
}

/** Refuses requests with 403. */
export interface BlockRule {
  readonly kind: 'block';
  readonly name: string;
  readonly match: Match;
}

/** Refuses what AWS says is an attack. */
export interface ManagedRule {
  readonly kind: 'managed';
  readonly name: string;
  readonly group: ManagedGroup;
  /** Rules of the group that label and count instead of refusing. @default none */
  readonly counted?: readonly string[];
}

/** Refuses an address, with 429, once it has sent more requests in 5 minutes. */
export interface RateRule {
  readonly kind: 'rate';
  readonly name: string;
  readonly requests: number;
  /** Which requests count. @default all */
  readonly match?: Match;
}

/** A rule of a web ACL. */
export type WebAclRule = LabelRule | BlockRule | ManagedRule | RateRule;

/** A web ACL on a load balancer may use this much. */
export const mostCapacity = 1_500;

/** What a rule costs, in units of capacity. */
export function ruleCapacity(rule: WebAclRule): number {
  switch (rule.kind) {
    case 'label':
    case 'block':
      return capacityOf(rule.match);
    case 'managed':
      return rule.group.capacity;
    case 'rate':
      return 2 + (rule.match === undefined ? 0 : capacityOf(rule.match));
  }
}

/** What is wrong with a list of rules, in words. AWS would find it when the plan is applied, or, worse, never. */
export function findRuleFaults(rules: readonly WebAclRule[]): readonly string[] {
  const names = rules.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const capacity = rules.reduce((sum, rule) => sum + ruleCapacity(rule), 0);
  return [
    ...twice.map((name) => `two rules are called "${name}"`),
    ...findUnknownLabels(rules),
    ...(capacity > mostCapacity ? [`the rules use ${capacity} units of capacity of ${mostCapacity}`] : []),
  ];
}

/** Labels are only seen by rules behind the one that puts them on. */
function findUnknownLabels(rules: readonly WebAclRule[]): readonly string[] {
  return rules.flatMap((rule, index) => {
    if (rule.kind === 'managed' || rule.match === undefined) return [];
    const known = new Set(
      rules.slice(0, index).flatMap((earlier) => (earlier.kind === 'label' ? [earlier.label] : [])),
    );
    return labelsOf(rule.match)
      .filter((label) => !label.startsWith('awswaf:') && !known.has(label))
      .map((label) => `"${rule.name}" asks for the label "${label}", which no rule before it puts on`);
  });
}
