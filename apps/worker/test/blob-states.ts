import { sql } from '@stowage/db';
import type { Stores } from './given.ts';

/** What the rows say of blobs, without times. */
export interface BlobStateRow {
  readonly id: string;
  readonly state: string;
  readonly fault: string | null;
  readonly isVerified: boolean;
}

/** Every row of `blobs`, by id. */
export async function blobStates({ db }: Pick<Stores, 'db'>): Promise<readonly BlobStateRow[]> {
  return db.rows<BlobStateRow>(sql('test_blob_states')`
    select id, state, fault, verified_at is not null as "isVerified" from blobs order by id`);
}

/** The ids of blobs in quarantine, by what is wrong with them, each sorted. */
export async function quarantined(stores: Pick<Stores, 'db'>): Promise<Readonly<Record<string, readonly string[]>>> {
  const faulty: Record<string, string[]> = {};
  for (const { id, fault } of await blobStates(stores)) if (fault !== null) (faulty[fault] ??= []).push(id);
  return faulty;
}

/** What all runs of a job counted together, by outcome. */
export async function countedBy({ db }: Pick<Stores, 'db'>, job: string): Promise<Readonly<Record<string, number>>> {
  const rows = await db.rows<{ outcome: string; count: number }>(sql('test_counts_of_job')`
    select c.key as outcome, sum(c.value::bigint)::bigint as count
    from job_runs, jsonb_each_text(counts) c where job = ${job} group by c.key`);
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
}
