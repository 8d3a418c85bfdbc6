-- What the jobs of the worker did: a row for each run of a job and shard. What a run counts commits together with what it does,
-- so the counts of a killed run are as true as those of any other.
create table job_runs (
  id uuid not null,
  job text not null,
  shard_index integer not null,
  shard_count integer not null,
  dry_run boolean not null,
  -- `running` until the run ends itself; the next run of the job and shard calls one that never did `killed`.
  outcome text not null default 'running',
  started_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz,
  -- How many items, by what became of them.
  counts jsonb not null default '{}',
  bytes bigint not null default 0,
  faults bigint not null default 0,
  error text,
  -- Whether the gateway took its metrics; null when none was asked.
  reported boolean,
  constraint job_runs_pkey primary key (id),
  constraint job_runs_shard_check check (shard_index >= 0 and shard_index < shard_count and shard_count <= 1000),
  constraint job_runs_outcome_check check (outcome in ('running', 'succeeded', 'stopped', 'failed', 'killed')),
  constraint job_runs_finished_at_check check ((outcome = 'running') = (finished_at is null))
);
create unique index job_runs_running_key on job_runs (job, shard_index, shard_count) where outcome = 'running';
create index job_runs_job_started_at_idx on job_runs (job, started_at);
create index job_runs_started_at_idx on job_runs (started_at);

-- Where the next run of a job and shard goes on, in the job's own words.
create table job_checkpoints (
  job text not null,
  shard_index integer not null,
  shard_count integer not null,
  state jsonb not null,
  updated_at timestamptz not null,
  constraint job_checkpoints_pkey primary key (job, shard_index, shard_count)
);

-- The shard of n that a row belongs to. Ids are UUIDs of version 7, which begin with the time: their last bits are random.
create function shard_of(id uuid, shard_count integer) returns integer
language sql immutable strict parallel safe
return mod(('x' || right(id::text, 7))::bit(28)::integer, shard_count);
