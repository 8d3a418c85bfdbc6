import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The directory of this library's migrations, for the entry of an app: `migrations` beside it in a bundle, the library's
 * own when it is run from source.
 */
export function findMigrations(entryDirectory: string): string {
  const beside = join(entryDirectory, 'migrations');
  return existsSync(beside) ? beside : join(entryDirectory, '../../../libs/db/migrations');
}
