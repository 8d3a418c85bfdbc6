-- Generations order what caches may hold: a value with a lower one never replaces one with a higher one.
create sequence generations as bigint;

create table accounts (
  id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  constraint accounts_pkey primary key (id)
);

create table users (
  id uuid not null,
  account_id uuid not null,
  email text not null,
  password_hash text not null,
  role text not null,
  created_at timestamptz not null default now(),
  constraint users_pkey primary key (id),
  constraint users_account_id_fkey foreign key (account_id) references accounts (id),
  constraint users_email_key unique (email),
  constraint users_role_check check (role in ('owner', 'admin', 'member'))
);
create index users_account_id_idx on users (account_id, id);

create table invitations (
  id uuid not null,
  account_id uuid not null,
  email text not null,
  role text not null,
  token_hash bytea not null,
  invited_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  constraint invitations_pkey primary key (id),
  constraint invitations_account_id_fkey foreign key (account_id) references accounts (id),
  constraint invitations_invited_by_fkey foreign key (invited_by) references users (id) on delete set null,
  constraint invitations_token_hash_key unique (token_hash),
  constraint invitations_role_check check (role in ('admin', 'member'))
);
create index invitations_account_id_idx on invitations (account_id, id);
-- For the cascade when a user is removed.
create index invitations_invited_by_idx on invitations (invited_by) where invited_by is not null;

create table sessions (
  id uuid not null,
  account_id uuid not null,
  user_id uuid not null,
  token_hash bytea not null,
  address text not null,
  user_agent text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint sessions_pkey primary key (id),
  constraint sessions_account_id_fkey foreign key (account_id) references accounts (id),
  constraint sessions_user_id_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint sessions_token_hash_key unique (token_hash)
);
create index sessions_user_id_idx on sessions (user_id, id);
create index sessions_expires_at_idx on sessions (expires_at);
