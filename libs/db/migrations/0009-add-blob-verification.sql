-- Jobs read the bytes of live blobs again and compare them with their rows. What differs is in quarantine: it keeps its row, its
-- bytes and its versions, but no new version may refer to it.
alter table blobs
  -- When the bytes were last found as recorded; null before the first time.
  add column verified_at timestamptz,
  add column quarantined_at timestamptz,
  -- What is wrong with a blob in quarantine.
  add column fault text,
  add constraint blobs_fault_check check (fault in ('missing', 'wrong-size', 'wrong-content')),
  add constraint blobs_quarantined_at_check check ((quarantined_at is null) = (fault is null));

-- The order in which blobs are verified: first those in quarantine, which may have been repaired, then by the time they
-- were not.
create function verification_turn(quarantined_at timestamptz, verified_at timestamptz, created_at timestamptz)
returns timestamptz
language sql immutable parallel safe
return case when quarantined_at is null then coalesce(verified_at, created_at) else '-infinity'::timestamptz end;

create index blobs_verification_turn_idx on blobs (verification_turn(quarantined_at, verified_at, created_at), id)
  where state = 'live';
create index blobs_quarantined_at_idx on blobs (quarantined_at) where quarantined_at is not null;

-- As before, and a blob in quarantine is `blob-missing`: a copy would be damaged from its first day.
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
    where b.id = in_blob_id and b.state in ('pending', 'live') and b.quarantined_at is null
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
