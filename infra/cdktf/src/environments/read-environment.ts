import { dev } from './dev.ts';
import { findCollisions, findFaults, type EnvironmentFault } from './environment-invariants.ts';
import { environmentSchema, type Environment, type EnvironmentInput, type EnvironmentName } from './environment.ts';
import { Refusal } from '../refusal.ts';
import { production } from './production.ts';
import { staging } from './staging.ts';

/** In the order a change travels. */
export const environmentNames = ['dev', 'staging', 'production'] as const satisfies readonly EnvironmentName[];

/** An environment is refused; the message lists all that is wrong with it. */
export class EnvironmentError extends Refusal {
  readonly faults: readonly EnvironmentFault[];

  constructor(name: string, faults: readonly EnvironmentFault[]) {
    super(
      `The environment ${name} is refused:\n${faults.map(({ path, message }) => `  ${path}: ${message}`).join('\n')}`,
    );
    this.name = 'EnvironmentError';
    this.faults = faults;
  }
}

/** Checks the values of one environment. Throws an EnvironmentError that names every fault at once. */
export function parseEnvironment(input: EnvironmentInput): Environment {
  const parsed = environmentSchema.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    throw new EnvironmentError(input.name, faults);
  }
  const faults = findFaults(parsed.data);
  if (faults.length > 0) throw new EnvironmentError(input.name, faults);
  return parsed.data;
}

/** Checks all environments, each by itself and all together. */
export function readEnvironments(
  inputs: readonly EnvironmentInput[] = [dev, staging, production],
): readonly Environment[] {
  const environments = inputs.map(parseEnvironment);
  const collisions = findCollisions(environments);
  if (collisions.length > 0) throw new EnvironmentError(inputs.map(({ name }) => name).join(' and '), collisions);
  return environments;
}

/** One environment by its name, such as STOWAGE_ENV holds. Throws when there is none, or when any of them is unsound. */
export function environmentNamed(name: string): Environment {
  const found = readEnvironments().find((environment) => environment.name === name);
  if (found === undefined)
    throw new Refusal(`There is no environment "${name}". There are ${environmentNames.join(', ')}.`);
  return found;
}
