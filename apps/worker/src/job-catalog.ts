import type { JobDescription } from './job.ts';

/** Every job, by the name it is run by. `compose.ts` has what each is made of; infrastructure reads the schedules. */
export const jobCatalog = {
  'collect-garbage': {
    description: 'Gives up uploads past their deadline and deletes garbage past its grace.',
    sharding: 'sharded',
    outcomes: ['given-up', 'deleted'],
    schedule: { cron: '17 * * * *', shards: 1 },
  },
  'expire-objects': {
    description: 'Ends retention: trash, deleted buckets, sessions, access tokens, invitations, idempotency keys.',
    sharding: 'sharded',
    outcomes: ['versions', 'buckets', 'idempotency-keys', 'sessions', 'access-tokens', 'invitations'],
    schedule: { cron: '41 2 * * *', shards: 1 },
  },
  'verify-blobs': {
    description: 'Reads blobs in turn and compares them with what was recorded; damaged ones go into quarantine.',
    sharding: 'sharded',
    outcomes: ['intact', 'repaired', 'missing', 'wrong-size', 'wrong-content', 'quarantined', 'gone', 'unreadable'],
    schedule: { cron: '30 1 * * *', shards: 4 },
  },
  'reconcile-storage': {
    description: 'Compares what the blob store lists with the rows; records orphans for deletion, reports losses.',
    sharding: 'sharded',
    outcomes: ['matched', 'quarantined', 'foreign', 'young', 'orphaned', 'missing', 'wrong-size', 'explained'],
    schedule: { cron: '0 4 * * 0', shards: 4 },
  },
  'roll-up-usage': {
    description: 'Measures what each bucket and account stored when the day ended; checks the books.',
    sharding: 'whole',
    outcomes: ['counted'],
    // Before versions are removed for good, so that the numbers of the day are whole.
    schedule: { cron: '15 0 * * *', shards: 1 },
  },
  'report-sla': {
    description: 'Writes how available and fast the API was in the last month, from Prometheus.',
    sharding: 'whole',
    outcomes: ['read', 'written', 'existing'],
    schedule: { cron: '0 3 1 * *', shards: 1 },
  },
} as const satisfies Readonly<Record<string, JobDescription>>;

export type JobName = keyof typeof jobCatalog;
