import { sql, type Db } from '@stowage/db';
import type { NamePage, TimePage } from './object-repository.ts';
import { toStoredObject, type ObjectRow } from './pg-object-row.ts';
import type { ListedEntry, StoredObject } from './stored-object.ts';

export async function listByName(db: Db, { bucketId, from, until, limit }: NamePage): Promise<readonly StoredObject[]> {
  const rows = await db.rows<ObjectRow>(sql('list_objects_by_name')`
    select o.bucket_id, o.key, v.id as version_id, v.blob_id, v.size_bytes, v.sha256, v.content_type,
      v.content_disposition, v.cache_control, v.metadata, v.created_at as version_created_at
    from objects o
    join versions v on v.id = o.current_version_id
    where o.bucket_id = ${bucketId} and o.current_version_id is not null and o.key >= ${from} and o.key < ${until}
    order by o.key
    limit ${limit}`);
  return rows.map(toStoredObject);
}

type EntryRow = ObjectRow & { readonly entry: string; readonly version_id: string | null };

export async function listByPrefix(
  db: Db,
  { bucketId, from, until, limit, prefix, delimiter }: NamePage & { prefix: string; delimiter: string },
): Promise<readonly ListedEntry[]> {
  const rows = await db.rows<EntryRow>(sql('list_objects_by_prefix')`
    select e.entry, ${bucketId}::uuid as bucket_id, e.entry as key, v.id as version_id, v.blob_id, v.size_bytes, v.sha256,
      v.content_type, v.content_disposition, v.cache_control, v.metadata, v.created_at as version_created_at
    from list_object_entries(${bucketId}, ${from}, ${until}, ${prefix}, ${delimiter}, ${limit}) e
    left join versions v on v.id = e.version_id
    order by e.entry collate "C"`);
  return rows.map((row) =>
    row.version_id === null ? { kind: 'prefix', prefix: row.entry } : { kind: 'object', object: toStoredObject(row) },
  );
}

export async function listByTime(db: Db, page: TimePage): Promise<readonly StoredObject[]> {
  const rows = await db.rows<ObjectRow>(page.newestFirst ? newestFirst(page) : oldestFirst(page));
  return rows.map(toStoredObject);
}

function newestFirst({ bucketId, after, limit }: TimePage): ReturnType<ReturnType<typeof sql>> {
  return sql('list_objects_newest_first')`
    select o.bucket_id, o.key, v.id as version_id, v.blob_id, v.size_bytes, v.sha256, v.content_type,
      v.content_disposition, v.cache_control, v.metadata, v.created_at as version_created_at
    from objects o
    join versions v on v.id = o.current_version_id
    where o.bucket_id = ${bucketId} and o.current_version_id is not null
      and (o.modified_at, o.key) < (coalesce(${after?.modifiedAt ?? null}::timestamptz, 'infinity'), ${after?.key ?? ''})
    order by o.modified_at desc, o.key desc
    limit ${limit}`;
}

function oldestFirst({ bucketId, after, limit }: TimePage): ReturnType<ReturnType<typeof sql>> {
  return sql('list_objects_oldest_first')`
    select o.bucket_id, o.key, v.id as version_id, v.blob_id, v.size_bytes, v.sha256, v.content_type,
      v.content_disposition, v.cache_control, v.metadata, v.created_at as version_created_at
    from objects o
    join versions v on v.id = o.current_version_id
    where o.bucket_id = ${bucketId} and o.current_version_id is not null
      and (o.modified_at, o.key) > (coalesce(${after?.modifiedAt ?? null}::timestamptz, '-infinity'), ${after?.key ?? ''})
    order by o.modified_at, o.key
    limit ${limit}`;
}
