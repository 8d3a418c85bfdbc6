-- One row. All processes use the cache under this epoch; while it is closed none does.
create table cache_epochs (
  id integer not null default 1,
  epoch bigint not null,
  closed_until timestamptz not null,
  constraint cache_epochs_pkey primary key (id),
  constraint cache_epochs_id_check check (id = 1)
);
insert into cache_epochs (epoch, closed_until) values (1, '-infinity');
