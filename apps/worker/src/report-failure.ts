import { DatabaseUnavailableError, MigrationError } from '@stowage/db';
import { rootCause, stripSecrets } from '@stowage/observability';
import { ConfigurationError } from '@stowage/settings';
import { BlobStoreError } from '@stowage/storage';
import { exitCodes } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

export interface FailureReport {
  readonly message: string;
  readonly exitCode: number;
}

/** What to say, and to end with, when there was no run: what to do for what can be mended, the trace for what is our fault. */
export function reportFailure(error: unknown): FailureReport {
  const { failed, usage } = exitCodes;
  if (error instanceof UsageError) return { message: `${error.message}\nSee worker --help.\n`, exitCode: usage };
  if (error instanceof ConfigurationError) return { message: `${stripSecrets(error.message)}\n`, exitCode: usage };
  if (error instanceof MigrationError) return { message: `${stripSecrets(error.message)}\n`, exitCode: failed };
  if (error instanceof DatabaseUnavailableError) {
    const message = `The database cannot be reached (${error.reason}): ${rootCause(error)}. Check that it runs and that DATABASE_URL or DATABASE_HOST is right.\n`;
    return { message, exitCode: failed };
  }
  if (error instanceof BlobStoreError) {
    const message = `The blob store cannot be used: ${rootCause(error)}. Check BLOB_DIRECTORY or S3_BUCKET and the right to write there.\n`;
    return { message, exitCode: failed };
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: stripSecrets(`${trace}\n`), exitCode: failed };
}
