import type { JobDescription } from './job.ts';

/** Every job, by the name it is run by. `compose.ts` has what each is made of; infrastructure reads the schedules. */
export const jobCatalog = {
  'collect-garbage': {
    description: 'Gives up uploads past their deadline and deletes garbage past its grace.',
    sharding: 'sharded',
    schedule: { cron: '17 * * * *', shards: 1 },
  },
  'expire-objects': {
    description: 'Ends retention: trash, deleted buckets, sessions, access tokens, invitations, idempotency keys.',
    sharding: 'sharded',
    schedule: { cron: '41 2 * * *', shards: 1 },
  },
} as const satisfies Readonly<Record<string, JobDescription>>;

export type JobName = keyof typeof jobCatalog;
