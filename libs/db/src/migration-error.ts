/** Migrations that must not or could not be applied. The message says which and what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
