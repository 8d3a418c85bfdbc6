-- As before, and retention is asked again when the locks are held: the ids come from an earlier statement and the locks are waited for, and
-- somebody may have raised the retention of the bucket meanwhile. From here on a change of the bucket waits for the removal.
--
-- Buckets are locked last, so that such a change does not wait as long as the lock of a blob does. `put_version` and `delete_object` lock
-- the bucket before the object, but for share too; whoever locks it alone asks for no object and no blob. So nobody waits in a circle.
create or replace function remove_versions(in_version_ids uuid[], in_grace interval)
returns table (removed_versions bigint, removed_version_bytes bigint, removed_objects bigint, garbage_blobs bigint, garbage_bytes bigint)
language plpgsql volatile
as $$
declare
  locked_object_ids uuid[];
  version_ids uuid[];
  blob_ids uuid[];
begin
  select array_agg(locked.id) into locked_object_ids from (
    select o.id from objects o
    where o.id in (select v.object_id from versions v where v.id = any (in_version_ids))
    order by o.id for update skip locked
  ) locked;

  select array_agg(distinct v.blob_id) into blob_ids
    from unnest(locked_object_ids) locked (id) join versions v on v.object_id = locked.id
    where v.id = any (in_version_ids);
  perform from blobs b where b.id = any (blob_ids) order by b.id for update;

  perform from buckets b
    where b.id in (select o.bucket_id from objects o where o.id = any (locked_object_ids))
    order by b.id for share;

  select array_agg(v.id) into version_ids
    from unnest(locked_object_ids) locked (id)
    join objects o on o.id = locked.id
    join buckets b on b.id = o.bucket_id
    join versions v on v.object_id = o.id
    where v.id = any (in_version_ids)
      and (b.deleted_at < now() - make_interval(days => b.retention_days)
        or (v.id is distinct from o.current_version_id and v.ended_at < now() - make_interval(days => b.retention_days)));

  update objects o set current_version_id = null
    where o.id = any (locked_object_ids) and o.current_version_id = any (version_ids);

  with removed as (
    delete from versions v where v.id = any (version_ids) returning v.size_bytes
  )
  select count(*), coalesce(sum(removed.size_bytes), 0)::bigint into removed_versions, removed_version_bytes from removed;

  with garbage as (
    update blobs b set state = 'garbage', delete_after = now() + in_grace
    where b.id = any (blob_ids) and b.state = 'live' and not exists (select from versions v where v.blob_id = b.id)
    returning b.size_bytes
  )
  select count(*), coalesce(sum(garbage.size_bytes), 0)::bigint into garbage_blobs, garbage_bytes from garbage;

  with removed as (
    delete from objects o
    where o.id = any (locked_object_ids) and o.current_version_id is null
      and not exists (select from versions v where v.object_id = o.id)
    returning o.id
  )
  select count(*) into removed_objects from removed;
  return next;
end
$$;
