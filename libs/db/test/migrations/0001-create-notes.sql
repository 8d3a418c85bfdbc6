create table notes (
  id bigint generated always as identity constraint notes_pkey primary key,
  title text not null constraint notes_title_key unique,
  size_bytes bigint not null default 0 constraint notes_size_bytes_check check (size_bytes >= 0),
  parent_id bigint constraint notes_parent_id_fkey references notes (id) deferrable,
  created_at timestamptz not null default now()
);
