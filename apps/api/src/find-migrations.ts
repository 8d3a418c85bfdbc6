import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The directory of the migrations: beside the entry in the bundle, in their library when run from source. */
export function findMigrations(entryDirectory: string): string {
  const beside = join(entryDirectory, 'migrations');
  return existsSync(beside) ? beside : join(entryDirectory, '../../../libs/db/migrations');
}
