import { findMigrations } from '@stowage/db';
import { reportStartFailure } from './report-start-failure.ts';
import { runApi } from './run-api.ts';

const migrationsDirectory = findMigrations(import.meta.dirname);

try {
  await runApi({ env: process.env, migrationsDirectory });
} catch (error) {
  process.stderr.write(reportStartFailure(error));
  process.exitCode = 1;
}
