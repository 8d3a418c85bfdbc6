import { findMigrations } from '@stowage/db';
import { workerJobs } from './compose.ts';
import { runWorker } from './run-worker.ts';

const { stdout, stderr, argv, env } = process;
// A reader that has gone away, such as `head`, is no reason to fail.
for (const output of [stdout, stderr]) output.on('error', () => undefined);

process.exitCode = await runWorker({
  args: argv.slice(2),
  ...{ env, stdout, stderr },
  jobs: workerJobs,
  migrationsDirectory: findMigrations(import.meta.dirname),
});
