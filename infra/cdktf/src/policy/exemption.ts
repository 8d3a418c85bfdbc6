import type { EnvironmentName } from '../environments/environment.ts';

/** A rule that is broken on purpose. */
export interface Exemption {
  /** Any id of the rule. */
  readonly rule: string;
  /** Places in the code; `*` stands for any text. */
  readonly resources: readonly string[];
  readonly environments: readonly EnvironmentName[];
  /** Why it is right to break it. */
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** The last day on which it holds, such as `2027-01-31`. Then somebody decides anew. */
  readonly expires: string;
}

/** What all exemptions of a list have in common. */
export type ExemptionTerms = Omit<Exemption, 'rule' | 'owner' | 'expires'>;

/** Every environment there is. */
export const everywhere = ['dev', 'staging', 'production'] as const;

/** One exemption for each rule, on the same terms. */
export function exempt(rules: readonly string[], terms: ExemptionTerms): readonly Exemption[] {
  return rules.map((rule) => ({ rule, ...terms, owner: 'platform', expires: '2027-11-30' }));
}
