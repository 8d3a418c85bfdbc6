import { DatabaseUnavailableError, MigrationError } from '@stowage/db';
import { rootCause, stripSecrets } from '@stowage/observability';
import { ConfigurationError } from '@stowage/settings';
import { BlobStoreError } from '@stowage/storage';

/** One message that says what to do for what an operator can mend; the whole trace for what is our fault. */
export function reportStartFailure(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof MigrationError) return `${stripSecrets(error.message)}\n`;
  if (error instanceof DatabaseUnavailableError) {
    return `The database cannot be reached (${error.reason}): ${rootCause(error)}. Check that it runs and that DATABASE_URL or DATABASE_HOST is right.\n`;
  }
  if (error instanceof BlobStoreError) {
    return `The blob store cannot be used: ${rootCause(error)}. Check BLOB_DIRECTORY or S3_BUCKET and the right to write there.\n`;
  }
  return stripSecrets(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
