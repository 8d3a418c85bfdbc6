import { dev } from '../src/environments/dev.ts';
import type { EnvironmentInput } from '../src/environments/environment.ts';
import { production } from '../src/environments/production.ts';

/** The day on which tests synthesize, as versions run out of support and exemptions end. */
export const today = new Date('2026-11-25T00:00:00Z');

/** Changes of single values, section by section. */
export type EnvironmentChange = { readonly [Section in keyof EnvironmentInput]?: Partial<EnvironmentInput[Section]> };

/** Dev with some values changed. */
export function givenDev(change: EnvironmentChange = {}): EnvironmentInput {
  return merged(dev, change);
}

/** Production with some values changed. */
export function givenProduction(change: EnvironmentChange = {}): EnvironmentInput {
  return merged(production, change);
}

function merged(base: EnvironmentInput, change: EnvironmentChange): EnvironmentInput {
  const sections = Object.entries(change).map(([section, values]) => {
    const before = base[section as keyof EnvironmentInput];
    return [section, typeof before === 'object' && typeof values === 'object' ? { ...before, ...values } : values];
  });
  return { ...base, ...(Object.fromEntries(sections) as EnvironmentChange as Partial<EnvironmentInput>) };
}
