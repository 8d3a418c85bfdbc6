-- Makes a version the current one of its object, in one round trip. It is a function because its statements
-- need the object's lock before their snapshot: a single statement would not see the version that a
-- concurrent writer committed while it waited, and could not end it.
--
-- The blob is the version's own (`pending`, becomes `live` with the given size and digest) or another
-- version's (`live`, its size and digest are taken over). Outcomes: stored, bucket-missing,
-- precondition-failed, blob-missing; only `stored` has changed anything.
create function put_version(
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

-- Ends the current version of an object: it goes to the trash. Outcomes: deleted, absent, bucket-missing, precondition-failed.
create function delete_object(in_bucket_id uuid, in_key text, in_if_exists boolean, in_if_match uuid[])
returns table (outcome text, object_generation bigint, bucket_name text)
language plpgsql volatile
as $$
declare
  target record;
begin
  select b.name into bucket_name from buckets b where b.id = in_bucket_id and b.deleted_at is null for share;
  if not found then
    outcome := 'bucket-missing'; return next; return;
  end if;

  select o.id, o.current_version_id into target
    from objects o where o.bucket_id = in_bucket_id and o.key = in_key for update;
  if target.current_version_id is null then
    outcome := case when in_if_exists or in_if_match is not null then 'precondition-failed' else 'absent' end;
    return next; return;
  end if;
  if in_if_match is not null and not target.current_version_id = any (in_if_match) then
    outcome := 'precondition-failed'; return next; return;
  end if;
  update versions v set ended_at = now() where v.id = target.current_version_id;
  update objects o set current_version_id = null, generation = nextval('generations'), modified_at = now()
    where o.id = target.id
    returning o.generation into object_generation;
  outcome := 'deleted';
  return next;
end
$$;
