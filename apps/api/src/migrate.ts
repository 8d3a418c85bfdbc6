import { databaseConnection, findMigrations, migrate } from '@stowage/db';
import { readApiConfig } from './config/api-config.ts';
import { reportStartFailure } from './report-start-failure.ts';

const directory = findMigrations(import.meta.dirname);

try {
  const applied = await migrate({ connection: databaseConnection(readApiConfig(process.env)), directory });
  process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}.\n`);
} catch (error) {
  process.stderr.write(reportStartFailure(error));
  process.exitCode = 1;
}
