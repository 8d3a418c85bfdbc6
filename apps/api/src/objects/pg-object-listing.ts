import { sql, type Db, type SqlStatement } from '@stowage/db';
import type { NamePage, TimePage } from './object-repository.ts';
import { toStoredObject, type ObjectRow } from './pg-object-row.ts';
import type { ListedEntry, StoredObject } from './stored-object.ts';

export async function listByName(db: Db, { bucketId, from, until, limit }: NamePage): Promise<readonly StoredObject[]> {
  const rows = await db.rows<ObjectRow>(sql('list_objects_by_name')`
    select o.key, v.id as version_id, v.blob_id, v.size_bytes, encode(v.sha256, 'hex') as sha256, v.content_type,
      v.content_disposition, v.cache_control, v.metadata, v.created_at as version_created_at
    from objects o
    join versions v on v.id = o.current_version_id
    where o.bucket_id = ${bucketId} and o.current_version_id is not null and o.key >= ${from} and o.key < ${until}
    order by o.key
    limit ${limit}`);
  return rows.map((row) => toStoredObject(row, bucketId));
}

/** A key with its version, or what keys share up to the delimiter. */
type EntryRow = ObjectRow | { readonly key: string; readonly version_id: null };

type PrefixPage = NamePage & { readonly prefix: string; readonly delimiter: string };

export async function listByPrefix(db: Db, page: PrefixPage): Promise<readonly ListedEntry[]> {
  const rows = await db.rows<EntryRow>(entriesByPrefix(page, Array.from(page.prefix).length));
  return rows.map((row) =>
    row.version_id === null
      ? { kind: 'prefix', prefix: row.key }
      : { kind: 'object', object: toStoredObject(row, page.bucketId) },
  );
}

/**
 * Goes from key to key by the index and jumps over what lies below a prefix, so its cost follows the entries answered
 * and not the keys below them. The key behind another begins with it and a control character, which no key has; what
 * is behind a prefix begins with the character after its delimiter.
 */
function entriesByPrefix({ bucketId, from, until, limit, delimiter }: PrefixPage, prefixChars: number): SqlStatement {
  return sql('list_objects_by_prefix', { repeatable: true })`
    with recursive entries (key, version_id, prefix_chars, position) as (
      (select o.key, o.current_version_id, strpos(substr(o.key, ${prefixChars}::integer + 1), ${delimiter}), 1
       from objects o
       where o.bucket_id = ${bucketId} and o.current_version_id is not null and o.key >= ${from} and o.key < ${until}
       order by o.key
       limit 1)
      union all
      select o.key, o.current_version_id, strpos(substr(o.key, ${prefixChars}::integer + 1), ${delimiter}), e.position + 1
      from entries e
      cross join lateral (
        select n.key, n.current_version_id
        from objects n
        where n.bucket_id = ${bucketId} and n.current_version_id is not null and n.key < ${until}
          and n.key >= case e.prefix_chars
            when 0 then e.key || chr(1)
            else left(e.key, ${prefixChars}::integer + e.prefix_chars - 1) || chr(ascii(${delimiter}) + 1)
          end collate "C"
        order by n.key
        limit 1) o
      where e.position < ${limit}
    )
    select case e.prefix_chars when 0 then e.key else left(e.key, ${prefixChars}::integer + e.prefix_chars) end as key,
      v.id as version_id, v.blob_id, v.size_bytes, encode(v.sha256, 'hex') as sha256, v.content_type,
      v.content_disposition, v.cache_control, v.metadata, v.created_at as version_created_at
    from entries e
    left join versions v on v.id = e.version_id and e.prefix_chars = 0
    order by e.position`;
}

export async function listByTime(db: Db, page: TimePage): Promise<readonly StoredObject[]> {
  const rows = await db.rows<ObjectRow>(page.newestFirst ? newestFirst(page) : oldestFirst(page));
  return rows.map((row) => toStoredObject(row, page.bucketId));
}

function newestFirst({ bucketId, after, limit }: TimePage): SqlStatement {
  return sql('list_objects_newest_first')`
    select o.key, v.id as version_id, v.blob_id, v.size_bytes, encode(v.sha256, 'hex') as sha256, v.content_type,
      v.content_disposition, v.cache_control, v.metadata, v.created_at as version_created_at
    from objects o
    join versions v on v.id = o.current_version_id
    where o.bucket_id = ${bucketId} and o.current_version_id is not null
      and (o.modified_at, o.key) < (coalesce(${after?.modifiedAt ?? null}::timestamptz, 'infinity'), ${after?.key ?? ''})
    order by o.modified_at desc, o.key desc
    limit ${limit}`;
}

function oldestFirst({ bucketId, after, limit }: TimePage): SqlStatement {
  return sql('list_objects_oldest_first')`
    select o.key, v.id as version_id, v.blob_id, v.size_bytes, encode(v.sha256, 'hex') as sha256, v.content_type,
      v.content_disposition, v.cache_control, v.metadata, v.created_at as version_created_at
    from objects o
    join versions v on v.id = o.current_version_id
    where o.bucket_id = ${bucketId} and o.current_version_id is not null
      and (o.modified_at, o.key) > (coalesce(${after?.modifiedAt ?? null}::timestamptz, '-infinity'), ${after?.key ?? ''})
    order by o.modified_at, o.key
    limit ${limit}`;
}
