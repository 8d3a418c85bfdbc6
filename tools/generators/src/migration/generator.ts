import type { Tree } from '@nx/devkit';
import { spell } from '../naming.ts';
import { nextNumber } from '../numbering.ts';

/** Where the schema's history is. */
export const migrationsDirectory = 'libs/db/migrations';

export interface MigrationOptions {
  /** Verb and noun in kebab-case: `add-labels`. */
  readonly name: string;
}

/** Makes an empty migration with the next number. */
export function generateMigration(tree: Tree, { name }: MigrationOptions): void {
  const { words } = spell(name);
  if (!name.includes('-')) throw new Error(`"${name}" has no noun. Name a verb and what it changes: add-labels.`);
  const path = `${migrationsDirectory}/${nextNumber(tree, migrationsDirectory)}-${name}.sql`;
  tree.write(path, `-- Why: ${words}. Say here what the statements cannot; a merged migration is never edited.\n`);
}
