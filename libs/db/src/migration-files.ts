import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { MigrationError } from './migration-error.ts';

/** One `NNNN-verb-noun.sql`. */
export interface MigrationFile {
  readonly version: number;
  /** The file's name. */
  readonly name: string;
  /** SHA-256 of the text, line ends made equal, so that a checkout on another system has the same. */
  readonly checksum: string;
  /** What to send, one after the other: the whole text, or single statements where it opted out of the transaction. */
  readonly statements: readonly string[];
  readonly inTransaction: boolean;
}

const FILE_NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)+\.sql$/;
const OPT_OUT = '-- migrate: no transaction';
/** PL/pgSQL has `begin` and `end;` of its own, but no `begin;`. */
const TRANSACTION_COMMAND = /^\s*(?:begin|commit|rollback|start\s+transaction)\s*;/im;

/**
 * The migrations of a directory in their order. Files that do not end in `.sql` are left alone.
 * @throws {MigrationError} when a name is malformed, a version is missing or double, or a file ends its own transaction
 */
export async function readMigrations(directory: string): Promise<readonly MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(names.map((name) => readMigration(directory, name)));
  files.forEach(({ version, name }, index) => {
    if (version <= index) throw new MigrationError(`${name} and ${files[index - 1]?.name ?? ''} have the same version`);
    if (version > index + 1)
      throw new MigrationError(`migration ${numbered(index + 1)} is missing, but ${name} exists`);
  });
  return files;
}

/** A version as file names have it. */
export function numbered(version: number): string {
  return String(version).padStart(4, '0');
}

async function readMigration(directory: string, name: string): Promise<MigrationFile> {
  const version = FILE_NAME.exec(name)?.[1];
  if (version === undefined) throw new MigrationError(`${name} is not named like 0001-verb-noun.sql`);
  const text = (await readFile(path.join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
  const inTransaction = !text.startsWith(OPT_OUT);
  if (inTransaction && TRANSACTION_COMMAND.test(text))
    throw new MigrationError(`${name} begins or ends a transaction; the migrator does that`);
  return {
    version: Number(version),
    name,
    checksum: createHash('sha256').update(text).digest('hex'),
    statements: inTransaction ? [text] : text.split(/;[ \t]*(?:\n|$)/).filter((statement) => statement.trim() !== ''),
    inTransaction,
  };
}
