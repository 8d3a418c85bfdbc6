import type { Exemption } from '../policy/exemption.ts';
import { exemptions } from '../policy/exemptions.ts';
import type { PolicyRule } from '../policy/rule.ts';
import { rulesByArea } from '../policy/rules.ts';
import { unreadableRules } from '../policy/unreadable-rules.ts';
import { page, table } from './markdown.ts';

/** Every rule with what scanners call it, and every exemption from one. */
export function renderPolicy(): string {
  const areas = Object.entries(rulesByArea);
  const rules = areas.flatMap(([, all]) => all);
  return page('Policy', [
    `${rules.length} rules, called by ${rules.flatMap(({ ids }) => ids).length} names in scanners and benchmarks: CKV is checkov, AWS, KSV and KUBE trivy, FSBP the Foundational Security Best Practices of AWS, CIS the benchmark for EKS, BPG the best practices guide for EKS; the rest says itself. Synthesis fails when one is broken. A test breaks each on purpose in what production synthesizes, or, for pods, in a workload that is hardened.`,
    ...areas.flatMap(([area, all]) => [
      `## ${area}`,
      table(
        ['rule', 'what must hold', 'exempt'],
        all.map((rule) => [rule.ids.join(', '), rule.title, exempt(rule)]),
      ),
    ]),
    '## What synthesis cannot show',
    table(['rule', 'instead'], Object.entries(unreadableRules)),
    '## Exemptions',
    table(
      ['rule', 'where', 'in', 'why', 'owner', 'until'],
      exemptions.map(({ rule, resources, environments, reason, owner, expires }) => [
        ...[
          rule,
          resources.map((pattern) => `\`${pattern}\``).join(', '),
          environments.join(', '),
          reason,
          owner,
          expires,
        ],
      ]),
    ),
  ]);
}

function exempt({ ids }: PolicyRule): string {
  const excused = exemptions.filter(({ rule }: Exemption) => ids.includes(rule));
  return [...new Set(excused.flatMap(({ environments }) => environments))].join(', ');
}
