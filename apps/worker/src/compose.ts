import { CollectGarbageJob } from './collect-garbage/collect-garbage-job.ts';
import { PgGarbageRepository } from './collect-garbage/pg-garbage-repository.ts';
import { ExpireObjectsJob } from './expire-objects/expire-objects-job.ts';
import { PgExpiredRecordRepository } from './expire-objects/pg-expired-record-repository.ts';
import { PgTrashRepository } from './expire-objects/pg-trash-repository.ts';
import { jobCatalog } from './job-catalog.ts';
import type { Job } from './job.ts';
import type { JobSet, WorkerStores } from './job-set.ts';

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
};

/** The jobs of the product. */
export const workerJobs: JobSet = {
  catalog: jobCatalog,
  open: (name, stores) => {
    const open = jobs[name];
    if (open === undefined) throw new Error(`the command line lets no job pass that is not in the catalog: ${name}`);
    return open(stores);
  },
};
