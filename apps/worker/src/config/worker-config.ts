import { databaseSettings } from '@stowage/db';
import { readSettings, type Environment } from '@stowage/settings';
import { blobStoreSettings } from '@stowage/storage';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ });
const hours = z.coerce.number().max(8_760);

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
    .max(3_650)
    .default(400)
    .describe('The history of runs is deleted when it is older.'),
  PUSHGATEWAY_URL: httpUrl
    .optional()
    .describe('Prometheus Pushgateway that is told of each run. Without it nobody is.'),
  ENVIRONMENT: z.string().default('local').describe('Name of the environment; label `env` of what is pushed.'),
  GARBAGE_GRACE_HOURS: hours
    .min(0)
    .default(24)
    .describe('A blob that nothing refers to any more is kept for so long. Longer than any download or upload takes.'),
  ABANDONED_UPLOAD_HOURS: hours
    .min(1)
    .default(168)
    .describe('An unfinished upload in the blob store that was begun or touched longer ago is removed from it.'),
  VERIFY_BYTES_PER_SECOND: z.coerce
    .number()
    .int()
    .min(1024)
    .default(20 * 1024 * 1024)
    .describe('How fast one process of verify-blobs reads from the blob store, in bytes per second.'),
  VERIFY_AFTER_HOURS: hours
    .min(0)
    .default(168)
    .describe('How long after a blob was stored or verified its bytes are verified again.'),
  ORPHAN_GRACE_HOURS: hours
    .positive()
    .default(24)
    .describe('Bytes without a row are left alone until they are as old, and deleted no sooner than so long after.'),
  MOST_FINDINGS_PERCENT: z.coerce
    .number()
    .positive()
    .max(100)
    .default(10)
    .describe(
      'verify-blobs and reconcile-storage fail, and change nothing, when more of the store is damaged or orphaned.',
    ),

  PROMETHEUS_URL: httpUrl.optional().describe('Prometheus that scrapes the API; for report-sla.'),
  SLA_REPORT_JOB: z.string().min(1).default('stowage-api').describe("Label `job` of the API's targets in Prometheus."),
  STOWAGE_API_URL: httpUrl.optional().describe('Origin of the API that stores the reports of report-sla.'),
  SLA_REPORT_BUCKET: z.string().min(1).optional().describe('Bucket of the reports.'),
  SLA_REPORT_TOKEN: z.string().min(1).optional().describe('Secret: an access token that may write to that bucket.'),

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
