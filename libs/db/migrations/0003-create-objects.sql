-- The bytes of a version; the id is their key in the blob store. `pending` while they arrive, `live` once a version refers to them,
-- `garbage` when the last reference is gone; jobs delete what is past its deadline.
create table blobs (
  id uuid not null,
  state text not null default 'pending',
  size_bytes bigint,
  sha256 bytea,
  created_at timestamptz not null default now(),
  delete_after timestamptz,
  constraint blobs_pkey primary key (id),
  constraint blobs_state_check check (state in ('pending', 'live', 'garbage')),
  constraint blobs_live_check check (state <> 'live' or (size_bytes is not null and sha256 is not null)),
  constraint blobs_delete_after_check check ((state = 'live') = (delete_after is null))
);
create index blobs_delete_after_idx on blobs (delete_after) where delete_after is not null;

create table objects (
  id uuid not null,
  bucket_id uuid not null,
  key text collate "C" not null,
  current_version_id uuid,
  generation bigint not null default nextval('generations'),
  modified_at timestamptz(3) not null default now(),
  constraint objects_pkey primary key (id),
  constraint objects_bucket_id_fkey foreign key (bucket_id) references buckets (id),
  constraint objects_bucket_id_key_key unique (bucket_id, key)
);
-- Listing: byte order of keys, and by time of change. What is in the trash is in neither.
create index objects_name_idx on objects (bucket_id, key) where current_version_id is not null;
create index objects_time_idx on objects (bucket_id, modified_at, key) where current_version_id is not null;

create table versions (
  id uuid not null,
  object_id uuid not null,
  blob_id uuid not null,
  size_bytes bigint not null,
  sha256 bytea not null,
  content_type text not null,
  content_disposition text,
  cache_control text,
  metadata jsonb not null default '{}',
  -- The user who stored it; history, so it stays when the user goes.
  created_by uuid,
  created_at timestamptz(3) not null default now(),
  -- When it stopped to be current; its retention is counted from here.
  ended_at timestamptz,
  constraint versions_pkey primary key (id),
  constraint versions_object_id_fkey foreign key (object_id) references objects (id),
  constraint versions_blob_id_fkey foreign key (blob_id) references blobs (id)
);
create index versions_object_id_idx on versions (object_id, id);
create index versions_blob_id_idx on versions (blob_id);
create index versions_ended_at_idx on versions (ended_at) where ended_at is not null;

alter table objects add constraint objects_current_version_id_fkey foreign key (current_version_id) references versions (id);
create index objects_current_version_id_idx on objects (current_version_id) where current_version_id is not null;
