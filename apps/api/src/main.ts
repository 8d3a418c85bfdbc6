import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reportStartFailure } from './report-start-failure.ts';
import { runApi } from './run-api.ts';

const beside = join(import.meta.dirname, 'migrations');
const migrationsDirectory = existsSync(beside) ? beside : join(import.meta.dirname, '../../../libs/db/migrations');

try {
  await runApi({ env: process.env, migrationsDirectory });
} catch (error) {
  process.stderr.write(reportStartFailure(error));
  process.exitCode = 1;
}
