import type { z } from 'zod';

/** Environment variables as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is missing or malformed. The message names every fault and no value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Options of {@link readSettings}. */
export interface ReadSettingsOptions {
  /**
   * Faults that no single variable has, such as one that another demands; each begins with the variable's name. It gets
   * the variables that are set.
   * @default none
   */
  readonly findFaults?: (present: Environment) => readonly string[];
}

/** Variables are texts: one that is no number is not "NaN" to who wrote it. */
function inWordsOfText({ input }: { readonly input?: unknown }): string | undefined {
  return Number.isNaN(input) ? 'must be a number' : undefined;
}

/**
 * Reads and checks settings once, at start. An empty variable counts as not set, as deployment tools cannot unset one.
 * @throws {ConfigurationError} naming every fault at once
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  env: Environment,
  { findFaults = () => [] }: ReadSettingsOptions = {},
): z.output<Schema> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(present, { error: inWordsOfText });
  const malformed = result.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  const faults = [...malformed, ...findFaults(present)];
  if (!result.success || faults.length > 0) {
    throw new ConfigurationError(
      `The configuration is wrong. docs/configuration.md describes every variable.\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  }
  return result.data;
}
