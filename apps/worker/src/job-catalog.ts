import type { JobDescription } from './job.ts';

/** Every job, by the name it is run by. `compose.ts` has what each is made of; infrastructure reads the schedules. */
export const jobCatalog = {} as const satisfies Readonly<Record<string, JobDescription>>;

export type JobName = keyof typeof jobCatalog;
