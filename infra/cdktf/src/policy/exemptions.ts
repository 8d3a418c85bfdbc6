import { dataExemptions } from './data-exemptions.ts';
import { edgeExemptions } from './edge-exemptions.ts';
import type { Exemption } from './exemption.ts';
import { foundationExemptions } from './foundation-exemptions.ts';

/** Every exemption there is. One that excuses nothing fails the tests, as one that ran out fails synthesis. */
export const exemptions: readonly Exemption[] = [...foundationExemptions, ...dataExemptions, ...edgeExemptions];
