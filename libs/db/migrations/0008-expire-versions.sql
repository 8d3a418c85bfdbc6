-- What the jobs `expire-objects` and `collect-garbage` need: indexes that hold only what is due or will be, and the removal of versions.

-- Trash is expired bucket by bucket, as each has a retention of its own. So a version that ends notes its bucket, and the index leads
-- with it: no row that is kept longer is read.
alter table versions
  -- The bucket in whose trash it is; of no meaning while the version is current.
  add column trash_bucket_id uuid;

create function note_trash_bucket() returns trigger
language plpgsql
as $$
begin
  select o.bucket_id into new.trash_bucket_id from objects o where o.id = new.object_id;
  return new;
end
$$;
create trigger versions_note_trash_bucket before insert or update of ended_at on versions
  for each row when (new.ended_at is not null) execute function note_trash_bucket();
update versions set ended_at = ended_at where ended_at is not null;

create index versions_trash_idx on versions (trash_bucket_id, ended_at, id) where ended_at is not null;
drop index versions_ended_at_idx;

create index buckets_deleted_at_idx on buckets (deleted_at) where deleted_at is not null;
create index access_tokens_expires_at_idx on access_tokens (expires_at) where expires_at is not null;
create index invitations_expires_at_idx on invitations (expires_at);

-- Each job reads one of the two.
create index blobs_pending_idx on blobs (delete_after, id) where state = 'pending';
create index blobs_garbage_idx on blobs (delete_after, id) where state = 'garbage';
drop index blobs_delete_after_idx;

-- The next versions past the retention of their bucket, by bucket and time, after the one named. It asks for each bucket by itself, so that
-- it reads what it answers and no more. Buckets that are due to be removed are left out: `find_versions_of_due_buckets` has them.
create function find_expired_versions(
  in_shard_index integer, in_shard_count integer,
  in_after_bucket_id uuid, in_after_ended_at timestamptz, in_after_id uuid, in_limit integer
) returns table (bucket_id uuid, ended_at timestamptz, id uuid, size_bytes bigint)
language plpgsql stable
as $$
declare
  bucket record;
  found_count integer;
begin
  for bucket in
    select b.id, b.retention_days from buckets b
    where b.id >= in_after_bucket_id
      and (b.deleted_at is null or b.deleted_at >= now() - make_interval(days => b.retention_days))
    order by b.id
  loop
    if bucket.id > in_after_bucket_id then
      in_after_ended_at := '-infinity';
    end if;
    return query
      select v.trash_bucket_id, v.ended_at, v.id, v.size_bytes from versions v
      where v.trash_bucket_id = bucket.id and v.ended_at is not null
        and (v.ended_at, v.id) > (in_after_ended_at, in_after_id)
        and v.ended_at < now() - make_interval(days => bucket.retention_days)
        and shard_of(v.object_id, in_shard_count) = in_shard_index
      order by v.ended_at, v.id
      limit in_limit;
    get diagnostics found_count = row_count;
    in_limit := in_limit - found_count;
    exit when in_limit <= 0;
  end loop;
end
$$;

-- The next versions, current ones too, of buckets that were deleted longer ago than their retention, by bucket and key, after the one named.
create function find_versions_of_due_buckets(
  in_shard_index integer, in_shard_count integer,
  in_after_bucket_id uuid, in_after_key text, in_after_id uuid, in_limit integer
) returns table (bucket_id uuid, key text, id uuid, size_bytes bigint)
language plpgsql stable
as $$
declare
  bucket record;
  found_count integer;
begin
  for bucket in
    select b.id from buckets b
    where b.deleted_at < now() - make_interval(days => b.retention_days) and b.id >= in_after_bucket_id
    order by b.id
  loop
    if bucket.id > in_after_bucket_id then
      in_after_key := '';
    end if;
    return query
      select o.bucket_id, o.key, v.id, v.size_bytes
      from objects o join versions v on v.object_id = o.id
      where o.bucket_id = bucket.id and o.key >= in_after_key and (o.key > in_after_key or v.id > in_after_id)
        and shard_of(o.id, in_shard_count) = in_shard_index
      order by o.key, v.id
      limit in_limit;
    get diagnostics found_count = row_count;
    in_limit := in_limit - found_count;
    exit when in_limit <= 0;
  end loop;
end
$$;

-- Removes versions, the objects that have no other, and turns blobs that no version refers to any more into garbage. What is current
-- stays, unless its bucket is deleted. Objects that somebody writes to at this moment are left for another time.
--
-- Each step is a statement of its own, as each has to see what was committed before it had its locks. `put_version` may be
-- about to refer to one of the blobs (a copy, a restore): it holds the blob's row, so the lock here waits for it, and the count
-- of references afterwards sees its version. If it comes later it waits here, and finds garbage. Both lock an object before a blob, and
-- here blobs are locked in one order, so nobody waits in a circle.
create function remove_versions(in_version_ids uuid[], in_grace interval)
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

  update objects o set current_version_id = null from buckets b
    where o.id = any (locked_object_ids) and o.current_version_id = any (in_version_ids)
      and b.id = o.bucket_id and b.deleted_at is not null;

  select array_agg(v.id), array_agg(distinct v.blob_id) into version_ids, blob_ids
    from unnest(locked_object_ids) locked (id)
    join objects o on o.id = locked.id
    join versions v on v.object_id = o.id
    where v.id = any (in_version_ids) and v.id is distinct from o.current_version_id;

  perform from blobs b where b.id = any (blob_ids) order by b.id for update;

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

-- As before, but for `blob-missing`: the object that was made for the version goes as well. Nothing else would ever remove it, as
-- an object goes with the last of its versions.
create or replace function put_version(
  in_bucket_id uuid, in_key text, in_object_id uuid, in_version_id uuid, in_blob_id uuid,
  in_size_bytes bigint, in_sha256 bytea,
  in_content_type text, in_content_disposition text, in_cache_control text, in_metadata jsonb,
  in_created_by uuid, in_if_absent boolean, in_if_exists boolean, in_if_match uuid[]
) returns table (
  outcome text, object_generation bigint, created boolean, stored_at timestamptz,
  blob_size_bytes bigint, blob_sha256 bytea, bucket_name text
)
language plpgsql volatile
as $$
declare
  target record;
begin
  -- Holds off the deletion and the renaming of the bucket: the name answered is the one readers use after the commit.
  select b.name into bucket_name from buckets b where b.id = in_bucket_id and b.deleted_at is null for share;
  if not found then
    outcome := 'bucket-missing'; return next; return;
  end if;

  select o.id, o.current_version_id into target
    from objects o where o.bucket_id = in_bucket_id and o.key = in_key for update;
  if not found then
    if in_if_exists or in_if_match is not null then
      outcome := 'precondition-failed'; return next; return;
    end if;
    insert into objects (id, bucket_id, key) values (in_object_id, in_bucket_id, in_key)
      on conflict on constraint objects_bucket_id_key_key do nothing;
    select o.id, o.current_version_id into target
      from objects o where o.bucket_id = in_bucket_id and o.key = in_key for update;
  end if;

  if (in_if_absent and target.current_version_id is not null)
    or (in_if_exists and target.current_version_id is null)
    or (in_if_match is not null and not coalesce(target.current_version_id = any (in_if_match), false)) then
    outcome := 'precondition-failed'; return next; return;
  end if;

  update blobs b set
      state = 'live', delete_after = null,
      size_bytes = coalesce(b.size_bytes, in_size_bytes), sha256 = coalesce(b.sha256, in_sha256)
    where b.id = in_blob_id and b.state in ('pending', 'live')
    returning b.size_bytes, b.sha256 into blob_size_bytes, blob_sha256;
  if not found then
    delete from objects o where o.id = in_object_id and not exists (select from versions v where v.object_id = o.id);
    outcome := 'blob-missing'; return next; return;
  end if;

  insert into versions (id, object_id, blob_id, size_bytes, sha256,
      content_type, content_disposition, cache_control, metadata, created_by)
    values (in_version_id, target.id, in_blob_id, blob_size_bytes, blob_sha256,
      in_content_type, in_content_disposition, in_cache_control, in_metadata, in_created_by)
    returning created_at into stored_at;
  if target.current_version_id is not null then
    update versions v set ended_at = now() where v.id = target.current_version_id;
  end if;
  update objects o set current_version_id = in_version_id, generation = nextval('generations'), modified_at = stored_at
    where o.id = target.id
    returning o.generation into object_generation;
  outcome := 'stored';
  created := target.current_version_id is null;
  return next;
end
$$;
delete from objects o where o.current_version_id is null and not exists (select from versions v where v.object_id = o.id);
