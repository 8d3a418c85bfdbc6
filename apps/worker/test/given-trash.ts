import { sql } from '@stowage/db';
import type { Stores } from './given.ts';

export interface TrashFields {
  readonly bucketId: string;
  readonly objects: number;
  /** @default 1 */
  readonly versionsOfEach?: number;
  /** @default 100 */
  readonly endedDaysAgo?: number;
}

/** Deleted objects, as rows without bytes: each version has a live blob of its own, 10 bytes long. */
export async function givenTrash({ db }: Stores, fields: TrashFields): Promise<void> {
  const { bucketId, objects, versionsOfEach = 1, endedDaysAgo = 100 } = fields;
  await db.execute(sql('given_trash')`
    with trashed as (
      insert into objects (id, bucket_id, key)
      select uuidv7(), ${bucketId}, 'trash-' || gen_random_uuid() from generate_series(1, ${objects}::integer)
      returning id
    ), stored as (
      select uuidv7() as id, trashed.id as object_id, gen_random_uuid() as blob_id
      from trashed, generate_series(1, ${versionsOfEach}::integer)
    ), bytes as (
      insert into blobs (id, state, size_bytes, sha256) select blob_id, 'live', 10, ''::bytea from stored returning id
    )
    insert into versions (id, object_id, blob_id, size_bytes, sha256, content_type, ended_at)
    select stored.id, stored.object_id, bytes.id, 10, ''::bytea, 'text/plain',
      now() - make_interval(days => ${endedDaysAgo}::integer)
    from stored join bytes on bytes.id = stored.blob_id`);
}

/** Ends a version as if it had been deleted long ago. */
export async function givenEnded({ db }: Stores, versionId: string, daysAgo: number): Promise<void> {
  await db.execute(sql('given_ended')`
    update versions set ended_at = now() - make_interval(days => ${daysAgo}::integer) where id = ${versionId}`);
}

/** Deletes a bucket as if it had been done long ago. */
export async function givenDeletedBucket({ db }: Stores, bucketId: string, daysAgo: number): Promise<void> {
  await db.execute(sql('given_deleted_bucket')`
    update buckets set deleted_at = now() - make_interval(days => ${daysAgo}::integer) where id = ${bucketId}`);
}

export interface TableCounts {
  readonly buckets: number;
  readonly objects: number;
  readonly versions: number;
  readonly live: number;
  readonly pending: number;
  readonly garbage: number;
}

export async function countRows({ db }: Stores): Promise<TableCounts> {
  const row = await db.row<TableCounts>(sql('test_count_rows')`
    select (select count(*) from buckets) as buckets, (select count(*) from objects) as objects,
      (select count(*) from versions) as versions,
      count(*) filter (where state = 'live') as live, count(*) filter (where state = 'pending') as pending,
      count(*) filter (where state = 'garbage') as garbage
    from blobs`);
  if (row === undefined) throw new Error('A count returned no row');
  return row;
}

/** What breaks the rules between tables, in words. */
export async function listFaults({ db }: Stores): Promise<readonly string[]> {
  const rows = await db.rows<{ fault: string }>(sql('test_list_faults')`
    select 'blob ' || b.id || ' is ' || b.state || ' with a version' as fault
    from blobs b where b.state <> 'live' and exists (select from versions v where v.blob_id = b.id)
    union all
    select 'blob ' || b.id || ' is live without a version'
    from blobs b where b.state = 'live' and not exists (select from versions v where v.blob_id = b.id)
    union all
    select 'object ' || o.id || ' has no version'
    from objects o where not exists (select from versions v where v.object_id = o.id)`);
  return rows.map(({ fault }) => fault);
}
