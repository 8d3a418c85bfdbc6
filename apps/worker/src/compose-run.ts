import {
  AdvisoryLock,
  databaseConnection,
  MigrationError,
  pendingMigrations,
  PgDb,
  readerConnection,
} from '@stowage/db';
import type { Logger } from '@stowage/observability';
import { openBlobStore } from '@stowage/storage';
import { v7 as newId } from 'uuid';
import type { RunCommand } from './command-line.ts';
import type { WorkerSettings } from './config/worker-config.ts';
import { JobRunner } from './job-runner.ts';
import { PgJobRunRepository } from './job-runs/pg-job-run-repository.ts';
import type { JobRunRepository } from './job-runs/job-run-repository.ts';
import type { JobSet } from './job-set.ts';
import { PushgatewayReporter } from './pushgateway-reporter.ts';
import type { Progress } from './progress/progress.ts';
import type { RunResult } from './run-result.ts';

export interface ComposeOptions {
  readonly settings: WorkerSettings;
  readonly log: Logger;
  /** The migrations that the database must have. */
  readonly migrationsDirectory: string;
}

export interface RunOptions extends ComposeOptions {
  readonly jobs: JobSet;
  readonly openProgress: (title: string) => Progress;
  readonly stop: AbortSignal;
}

/** Builds what a run needs, runs it and closes everything. Undefined when another run has the lock. */
export async function composeRun(command: RunCommand, options: RunOptions): Promise<RunResult | undefined> {
  const { settings, log, jobs, migrationsDirectory, openProgress, stop } = options;
  await using opened = new AsyncDisposableStack();
  const db = opened.use(openDb(options));
  await refuseOlderSchema(db, migrationsDirectory);
  const blobs = opened.use(await openBlobStore(settings, { create: false }));
  const now = (): Date => new Date();
  const job = jobs.open(command.job, { settings, db, blobs, log, now });
  const connection = databaseConnection(settings);
  const runner = new JobRunner({
    tryLock: (name) => AdvisoryLock.tryAcquire({ connection, name, applicationName: 'stowage-worker lock' }),
    runs: new PgJobRunRepository(db),
    reporter: composeReporter(settings),
    ...{ openProgress, log, now, newId },
    historyDays: settings.RUN_HISTORY_DAYS,
  });
  const { job: name, shard, dryRun, limit } = command;
  return await runner.run(job, { job: name, shard, dryRun, limit, outcomes: jobs.catalog[name]?.outcomes ?? [], stop });
}

/** A release may start jobs before it has migrated the database; a newer database is fine. */
async function refuseOlderSchema(db: PgDb, migrationsDirectory: string): Promise<void> {
  const pending = await pendingMigrations(db, migrationsDirectory);
  if (pending.length === 0) return;
  throw new MigrationError(
    `The database lacks ${pending.join(', ')}. \`node migrate.js\` of the API applies them, \`npx nx serve api\` too.`,
  );
}

/** Undefined where no gateway is configured. */
export function composeReporter(settings: WorkerSettings): PushgatewayReporter | undefined {
  const { PUSHGATEWAY_URL: url, ENVIRONMENT: environment } = settings;
  return url === undefined ? undefined : new PushgatewayReporter({ url, environment });
}

/** Opens the history alone. */
export async function composeHistory(options: ComposeOptions): Promise<{ runs: JobRunRepository } & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const db = opened.use(openDb(options));
  await refuseOlderSchema(db, options.migrationsDirectory);
  const resources = opened.move();
  return { runs: new PgJobRunRepository(db), [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** Longer waits than the API's: a batch may take a while, and nobody waits for an answer. */
function openDb({ settings, log }: Pick<ComposeOptions, 'settings' | 'log'>): PgDb {
  const reader = readerConnection(settings);
  return PgDb.open({
    connection: databaseConnection(settings),
    ...(reader !== undefined && { readerConnection: reader }),
    applicationName: 'stowage-worker',
    poolMax: settings.DATABASE_POOL_MAX,
    statementTimeoutMs: 60_000,
    queryTimeoutMs: 65_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 60_000,
    onPoolError: (err) => log.warn({ err }, 'database connection lost'),
    onRecovery: (recovery) => log.warn({ ...recovery }, 'database work repeated'),
  });
}
