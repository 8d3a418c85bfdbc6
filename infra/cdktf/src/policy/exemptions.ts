import type { EnvironmentName } from '../environments/environment.ts';
import { dataExemptions } from './data-exemptions.ts';
import { edgeExemptions } from './edge-exemptions.ts';

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

const everywhere = ['dev', 'staging', 'production'] as const;
const expires = '2027-11-30';
const owner = 'platform';

/** Every exemption there is. One that excuses nothing fails the tests, as one that ran out fails synthesis. */
export const exemptions: readonly Exemption[] = [
  ...dataExemptions,
  ...edgeExemptions,
  {
    ...{ rule: 'FSBP EC2.172', resources: ['network/Vpc/Resource'], environments: everywhere, owner, expires },
    reason: 'The load balancer is there for the internet, which this would shut out.',
  },
];
