import { jobCatalog } from './job-catalog.ts';
import type { Job } from './job.ts';
import type { JobSet, WorkerStores } from './job-set.ts';

type OpenJob = (stores: WorkerStores) => Job;

/** What each job is made of. */
const jobs: Readonly<Record<string, OpenJob>> = {};

/** The jobs of the product. */
export const workerJobs: JobSet = {
  catalog: jobCatalog,
  open: (name, stores) => {
    const open = jobs[name];
    if (open === undefined) throw new Error(`the command line lets no job pass that is not in the catalog: ${name}`);
    return open(stores);
  },
};
