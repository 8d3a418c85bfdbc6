import type { TransactionalDb } from '@stowage/db';
import type { Logger } from '@stowage/observability';
import type { BlobStore } from '@stowage/storage';
import type { WorkerSettings } from './config/worker-config.ts';
import type { Job, JobDescription } from './job.ts';

/** What jobs are made of. */
export interface WorkerStores {
  readonly settings: WorkerSettings;
  readonly db: TransactionalDb;
  readonly blobs: BlobStore;
  readonly log: Logger;
  readonly now: () => Date;
}

/** The jobs a worker knows. */
export interface JobSet {
  readonly catalog: Readonly<Record<string, JobDescription>>;
  /** Makes a job of the catalog. */
  open(name: string, stores: WorkerStores): Job;
}
