import type { EnvironmentName } from '../environments/environment.ts';
import type { Exemption } from './exemption.ts';
import type { ResourceGraph } from './resource-graph.ts';
import type { PolicyRule } from './rule.ts';
import { fitsPattern } from './star-pattern.ts';

/** A rule that a resource breaks. */
export interface PolicyFinding {
  readonly rule: PolicyRule;
  /** Place of the resource in the code. */
  readonly path: string;
  readonly message: string;
}

export interface PolicyVerdict {
  /** Broken, and nothing excuses it. */
  readonly open: readonly PolicyFinding[];
  readonly exempted: readonly PolicyFinding[];
  /** Exemptions that excused something. */
  readonly used: readonly Exemption[];
}

/** Every rule an environment breaks, whether or not that is excused. */
export function findViolations(graph: ResourceGraph, rules: readonly PolicyRule[]): readonly PolicyFinding[] {
  return rules.flatMap((rule) =>
    rule.check(graph).map(({ path, detail }) => ({
      rule,
      path,
      message: `${path} breaks ${rule.ids.join(', ')}: it must be one that ${rule.title}${detail === undefined ? '' : ` (${detail})`}`,
    })),
  );
}

/** Sorts findings into those that are excused in an environment and those that are not. */
export function judge(
  findings: readonly PolicyFinding[],
  exemptions: readonly Exemption[],
  environment: EnvironmentName,
): PolicyVerdict {
  const excusing = (finding: PolicyFinding) =>
    exemptions.filter((exemption) => exemption.environments.includes(environment) && excuses(exemption, finding));
  return {
    open: findings.filter((finding) => excusing(finding).length === 0),
    exempted: findings.filter((finding) => excusing(finding).length > 0),
    used: [...new Set(findings.flatMap(excusing))],
  };
}

/** Exemptions that ran out before a day, written `2027-01-31`. */
export function findExpired(exemptions: readonly Exemption[], today: string): readonly Exemption[] {
  return exemptions.filter(({ expires }) => expires < today);
}

function excuses({ rule, resources }: Exemption, finding: PolicyFinding): boolean {
  return finding.rule.ids.includes(rule) && resources.some((pattern) => fitsPattern(pattern, finding.path));
}
