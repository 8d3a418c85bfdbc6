-- How much was stored when a day ended (UTC). The rows of a day are being added up until usage_days has it.
-- They are history and stay when the bucket or the account goes, so nothing refers to those.
create table bucket_usage (
  bucket_id uuid not null,
  day date not null,
  account_id uuid not null,
  current_objects bigint not null,
  current_bytes bigint not null,
  -- Versions that were replaced or deleted, or whose bucket was.
  trash_versions bigint not null,
  trash_bytes bigint not null,
  constraint bucket_usage_pkey primary key (bucket_id, day)
);
create index bucket_usage_day_idx on bucket_usage (day, account_id);

create table account_usage (
  account_id uuid not null,
  day date not null,
  current_objects bigint not null,
  current_bytes bigint not null,
  trash_versions bigint not null,
  trash_bytes bigint not null,
  constraint account_usage_pkey primary key (account_id, day)
);
create index account_usage_day_idx on account_usage (day);

-- Days whose usage is whole. Versions that were removed for good between the end of the day and `measured_at` are
-- missing: the later it was measured, the more the numbers are what was stored at least.
create table usage_days (
  day date not null,
  measured_at timestamptz not null,
  constraint usage_days_pkey primary key (day)
);
