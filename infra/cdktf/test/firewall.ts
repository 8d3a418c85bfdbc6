import type { Match } from '../src/constructs/aws/web-acl-match.ts';
import type { WebAclRule } from '../src/constructs/aws/web-acl-rule.ts';
import { contentRules } from '../src/edge/managed-rules.ts';

/** A request as the firewall sees it. */
export interface FirewallRequest {
  readonly method: string;
  readonly path: string;
  /** Rules of AWS that this request would set off, such as `SQLi_BODY`. @default none */
  readonly setsOff?: readonly string[];
}

/** What AWS WAF would do, by its documentation: the name of the rule that refuses the request, or undefined when it passes. */
export function refusedBy(rules: readonly WebAclRule[], request: FirewallRequest): string | undefined {
  const labels = new Set<string>();
  for (const rule of rules) {
    if (rule.kind === 'label' && matches(rule.match, request, labels)) labels.add(rule.label);
    if (rule.kind === 'block' && matches(rule.match, request, labels)) return rule.name;
    if (rule.kind !== 'managed') continue;
    for (const name of request.setsOff ?? []) {
      const content = (['body', 'path', 'query'] as const).flatMap(contentRules).find((one) => one.rule === name);
      if (content?.group !== rule.group) continue;
      if (!rule.counted?.includes(name)) return rule.name;
      labels.add(content.label);
    }
  }
  return undefined;
}

/** Whether a rule looks for this request, given the labels it has so far. */
export function matches(match: Match, request: FirewallRequest, labels: ReadonlySet<string> = new Set()): boolean {
  switch (match.kind) {
    case 'method':
      return request.method === match.method;
    case 'path':
      return new RegExp(match.pattern).test(request.path);
    case 'label':
      return labels.has(match.label);
    case 'all':
      return match.of.every((one) => matches(one, request, labels));
    case 'any':
      return match.of.some((one) => matches(one, request, labels));
    case 'not':
      return !matches(match.match, request, labels);
  }
}
