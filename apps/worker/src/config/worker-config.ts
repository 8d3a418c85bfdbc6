import { databaseSettings } from '@stowage/db';
import { readSettings, type Environment } from '@stowage/settings';
import { blobStoreSettings } from '@stowage/storage';
import { z } from 'zod';

/** Every variable the worker reads. `docs/configuration.md` is generated from it. */
export const workerSettings = z.object({
  NODE_ENV: z
    .enum(['production', 'development', 'test'])
    .default('development')
    .describe('`production` demands real services.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .optional()
    .describe('The least severe level that is logged. Without it: `warn` on a terminal, `info` elsewhere.'),
  JOB_COMPLETION_INDEX: z.coerce
    .number()
    .int()
    .min(0)
    .max(999)
    .optional()
    .describe('The shard of this process, with --shards; Kubernetes sets it in the pods of an Indexed Job.'),
  RUN_HISTORY_DAYS: z.coerce
    .number()
    .positive()
    .default(400)
    .describe('The history of runs is deleted when it is older.'),
  PUSHGATEWAY_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Prometheus Pushgateway that is told of each run. Without it nobody is.'),
  ENVIRONMENT: z.string().default('local').describe('Name of the environment; label `env` of what is pushed.'),
  GARBAGE_GRACE_HOURS: z.coerce
    .number()
    .nonnegative()
    .default(24)
    .describe('A blob that nothing refers to any more is kept for so long. Longer than any download or upload takes.'),
  ABANDONED_UPLOAD_HOURS: z.coerce
    .number()
    .min(1)
    .default(168)
    .describe('An unfinished upload in the blob store that was begun or touched longer ago is removed from it.'),

  ...databaseSettings({ database: 'stowage', user: 'stowage_worker' }),
  ...blobStoreSettings,
});

export type WorkerSettings = z.output<typeof workerSettings>;

/**
 * Reads and checks the settings once.
 * @throws {ConfigurationError} naming every fault at once
 */
export function readWorkerConfig(env: Environment): WorkerSettings {
  return readSettings(workerSettings, env, { findFaults: missingServices });
}

function missingServices(present: Environment): readonly string[] {
  const isProduction = present.NODE_ENV === 'production';
  const faults: string[] = [];
  if (present.DATABASE_URL === undefined && present.DATABASE_HOST === undefined) {
    faults.push(
      isProduction
        ? 'DATABASE_URL: required in production, or DATABASE_HOST with IAM authentication'
        : 'DATABASE_URL: not set; `npx nx run worker:run` starts a database and sets it',
    );
  }
  if (isProduction && present.S3_BUCKET === undefined) faults.push('S3_BUCKET: required in production');
  return faults;
}
