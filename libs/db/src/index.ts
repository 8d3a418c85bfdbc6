export { AdvisoryLock, AdvisoryLockLostError } from './advisory-lock.ts';
export type { AdvisoryLockOptions } from './advisory-lock.ts';
export type { DatabaseConnection, TlsOptions } from './connection-config.ts';
export type { PoolStats } from './connection-pool.ts';
export {
  CheckViolationError,
  ConstraintViolationError,
  DatabaseError,
  DatabaseUnavailableError,
  ExclusionViolationError,
  ForeignKeyViolationError,
  InvalidValueError,
  LockTimeoutError,
  NotNullViolationError,
  ReadOnlyTransactionError,
  SerializationError,
  StatementTimeoutError,
  TooManyRowsError,
  TransactionAbortedError,
  TransactionTimeoutError,
  UniqueViolationError,
} from './database-errors.ts';
export { databaseConnection, databaseSettings, readerConnection } from './database-settings.ts';
export type { DatabaseFields, DatabaseNames, DatabaseSettings } from './database-settings.ts';
export type { DatabaseErrorDetails, UnavailableReason } from './database-errors.ts';
export type { Db, TransactionalDb, TransactionOptions } from './db.ts';
export { findMigrations } from './find-migrations.ts';
export { MigrationError } from './migration-error.ts';
export { migrate, pendingMigrations } from './migrator.ts';
export type { MigrateOptions } from './migrator.ts';
export { PgDb } from './pg-db.ts';
export type { PgDbOptions, Recovery } from './pg-db-options.ts';
export { rdsIamPassword } from './rds-iam-password.ts';
export type { RdsIamPasswordOptions } from './rds-iam-password.ts';
export { sql } from './sql.ts';
export type { SqlOptions, SqlStatement } from './sql.ts';
