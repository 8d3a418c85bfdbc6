import { setTimeout as delay } from 'node:timers/promises';
import { CollectGarbageJob } from './collect-garbage/collect-garbage-job.ts';
import { PgGarbageRepository } from './collect-garbage/pg-garbage-repository.ts';
import { readReportSlaSettings } from './config/report-sla-config.ts';
import { ExpireObjectsJob } from './expire-objects/expire-objects-job.ts';
import { PgExpiredRecordRepository } from './expire-objects/pg-expired-record-repository.ts';
import { PgTrashRepository } from './expire-objects/pg-trash-repository.ts';
import { jobCatalog, type JobName } from './job-catalog.ts';
import type { JobSet, WorkerStores } from './job-set.ts';
import type { Job } from './job.ts';
import { PgReconcileStorageRepository } from './reconcile-storage/pg-reconcile-storage-repository.ts';
import { ReconcileStorageJob } from './reconcile-storage/reconcile-storage-job.ts';
import { ApiReportStore } from './report-sla/api-report-store.ts';
import { PrometheusTrafficReader } from './report-sla/prometheus-traffic-reader.ts';
import { ReportSlaJob } from './report-sla/report-sla-job.ts';
import { PgUsageRepository } from './roll-up-usage/pg-usage-repository.ts';
import { RollUpUsageJob } from './roll-up-usage/roll-up-usage-job.ts';
import { BlobInspector } from './verify-blobs/blob-inspector.ts';
import { ByteRate } from './verify-blobs/byte-rate.ts';
import { PgVerifyBlobsRepository } from './verify-blobs/pg-verify-blobs-repository.ts';
import { VerifyBlobsJob } from './verify-blobs/verify-blobs-job.ts';

const hourMs = 3_600_000;

type OpenJob = (stores: WorkerStores) => Job;

/** What each job is made of. */
const jobs: Readonly<Record<string, OpenJob>> = {
  'collect-garbage': ({ db, blobs, settings }) =>
    new CollectGarbageJob({
      ...{ db, blobs, garbage: new PgGarbageRepository(db) },
      graceMs: settings.GARBAGE_GRACE_HOURS * hourMs,
      abandonedAfterMs: settings.ABANDONED_UPLOAD_HOURS * hourMs,
    }),
  'expire-objects': ({ db, settings }) =>
    new ExpireObjectsJob({
      trash: new PgTrashRepository(db),
      records: new PgExpiredRecordRepository(db),
      ...{ db, graceMs: settings.GARBAGE_GRACE_HOURS * hourMs },
    }),
  'verify-blobs': ({ db, blobs, settings }) =>
    new VerifyBlobsJob({
      repository: new PgVerifyBlobsRepository(db),
      store: blobs,
      inspector: new BlobInspector({ blobs, rate: byteRate(settings.VERIFY_BYTES_PER_SECOND) }),
      verifyAfterMs: settings.VERIFY_AFTER_HOURS * hourMs,
      mostFindings: settings.MOST_FINDINGS_PERCENT / 100,
    }),
  'reconcile-storage': ({ db, blobs, settings, now }) =>
    new ReconcileStorageJob({
      repository: new PgReconcileStorageRepository(db),
      store: blobs,
      now,
      graceMs: settings.ORPHAN_GRACE_HOURS * hourMs,
      mostFindings: settings.MOST_FINDINGS_PERCENT / 100,
    }),
  'roll-up-usage': ({ db, now }) => new RollUpUsageJob({ usage: new PgUsageRepository(db), now }),
  'report-sla': ({ settings, db, now }) => {
    const { prometheus, api } = readReportSlaSettings(settings);
    const traffic = new PrometheusTrafficReader(prometheus);
    return new ReportSlaJob({ traffic, reports: new ApiReportStore(api), db, now });
  },
} satisfies Readonly<Record<JobName, OpenJob>>;

function byteRate(bytesPerSecond: number): ByteRate {
  return new ByteRate({
    bytesPerSecond,
    now: () => performance.now(),
    sleep: async (ms, signal) => {
      await delay(ms, undefined, { signal });
    },
  });
}

/** The jobs of the product. */
export const workerJobs: JobSet = {
  catalog: jobCatalog,
  open: (name, stores) => {
    const open = jobs[name];
    if (open === undefined) throw new Error(`the command line lets no job pass that is not in the catalog: ${name}`);
    return open(stores);
  },
};
