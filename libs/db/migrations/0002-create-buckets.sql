create table buckets (
  id uuid not null,
  account_id uuid not null,
  name text not null,
  max_object_bytes bigint,
  content_types text[],
  retention_days integer not null,
  public_read boolean not null,
  generation bigint not null default nextval('generations'),
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint buckets_pkey primary key (id),
  constraint buckets_account_id_fkey foreign key (account_id) references accounts (id),
  constraint buckets_max_object_bytes_check check (max_object_bytes > 0),
  constraint buckets_retention_days_check check (retention_days >= 0)
);
-- A deleted bucket frees its name at once; a job empties it later.
create unique index buckets_account_id_name_key on buckets (account_id, name collate "C") where deleted_at is null;

create table bucket_grants (
  bucket_id uuid not null,
  user_id uuid not null,
  role text not null,
  created_at timestamptz not null default now(),
  constraint bucket_grants_pkey primary key (bucket_id, user_id),
  constraint bucket_grants_bucket_id_fkey foreign key (bucket_id) references buckets (id) on delete cascade,
  constraint bucket_grants_user_id_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint bucket_grants_role_check check (role in ('reader', 'writer', 'manager'))
);
create index bucket_grants_user_id_idx on bucket_grants (user_id);

create table access_tokens (
  id uuid not null,
  account_id uuid not null,
  user_id uuid not null,
  name text not null,
  token_hash bytea not null,
  scopes text[] not null,
  bucket_id uuid,
  generation bigint not null default nextval('generations'),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  constraint access_tokens_pkey primary key (id),
  constraint access_tokens_account_id_fkey foreign key (account_id) references accounts (id),
  constraint access_tokens_user_id_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint access_tokens_bucket_id_fkey foreign key (bucket_id) references buckets (id) on delete cascade,
  constraint access_tokens_token_hash_key unique (token_hash),
  constraint access_tokens_scopes_check check (scopes <@ array['read', 'write', 'admin'] and cardinality(scopes) > 0)
);
create index access_tokens_user_id_idx on access_tokens (user_id, id);
create index access_tokens_account_id_idx on access_tokens (account_id, id);
-- For the cascade when a job removes a bucket.
create index access_tokens_bucket_id_idx on access_tokens (bucket_id) where bucket_id is not null;
