import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@stowage/db';
import { databaseConnection } from './compose-stores.ts';
import { readApiConfig } from './config/api-config.ts';
import { reportStartFailure } from './report-start-failure.ts';

const beside = join(import.meta.dirname, 'migrations');
const directory = existsSync(beside) ? beside : join(import.meta.dirname, '../../../libs/db/migrations');

try {
  const applied = await migrate({ connection: databaseConnection(readApiConfig(process.env)), directory });
  process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}.\n`);
} catch (error) {
  process.stderr.write(reportStartFailure(error));
  process.exitCode = 1;
}
