import { DatabaseUnavailableError, MigrationError } from '@stowage/db';
import { stripSecrets } from '@stowage/observability';
import { ConfigurationError } from './config/api-config.ts';

/** One message that says what to do for what an operator can mend; the whole trace for what is our fault. */
export function reportStartFailure(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof MigrationError) return `${stripSecrets(error.message)}\n`;
  if (error instanceof DatabaseUnavailableError) {
    return `The database cannot be reached: ${stripSecrets(error.message)}. Check that it runs and that DATABASE_URL is right.\n`;
  }
  return stripSecrets(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
