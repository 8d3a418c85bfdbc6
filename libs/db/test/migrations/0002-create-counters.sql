create table counters (
  name text not null constraint counters_pkey primary key,
  value bigint not null
);

insert into counters (name, value) values ('left', 0), ('right', 0);
