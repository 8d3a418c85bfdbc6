import { MigrationError } from './migration-error.ts';
import type { MigrationFile } from './migration-files.ts';
import { numbered } from './migration-files.ts';

/** A migration the database remembers. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** Where the database remembers them. */
export const HISTORY_TABLE = 'public.schema_migrations';

/**
 * The files the database has not seen.
 * @throws {MigrationError} when it remembers another text under a file's version, or lacks one between two it has
 */
export function pendingAfter(
  applied: readonly AppliedMigration[],
  files: readonly MigrationFile[],
): readonly MigrationFile[] {
  const byVersion = new Map(applied.map((migration) => [migration.version, migration]));
  const pending = files.filter(({ version }) => !byVersion.has(version));
  for (const file of files) {
    const known = byVersion.get(file.version);
    if (known === undefined || known.checksum === file.checksum) continue;
    const what =
      known.name === file.name ? `${file.name} was changed after it` : `${file.name} was ${known.name} when it`;
    throw new MigrationError(`${what} had been applied; undo the change and write a new migration`);
  }
  const newest = Math.max(0, ...byVersion.keys());
  const gap = pending.find(({ version }) => version < newest);
  if (gap !== undefined)
    throw new MigrationError(`the database lacks ${gap.name}, but has ${byVersion.get(newest)?.name ?? ''}`);
  return pending;
}

/** @throws {MigrationError} when the database remembers a migration that is newer than every file */
export function refuseNewer(applied: readonly AppliedMigration[], files: readonly MigrationFile[]): void {
  const newer = applied.find(({ version }) => version > files.length);
  if (newer === undefined) return;
  const known = files.length === 0 ? 'none' : numbered(files.length);
  throw new MigrationError(
    `the database has ${newer.name}, and the newest migration here is ${known}: run the migrator of the newer release`,
  );
}
