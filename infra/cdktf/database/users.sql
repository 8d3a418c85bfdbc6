-- The users of PostgreSQL that programs sign in as, by IAM: what `database.grantConnect` of the stacks lets a role be.
-- Run once in a new database, as its administrator: docs/database-users.md. Running it again changes nothing.

do $$
declare
  program text;
begin
  foreach program in array array['stowage_migration', 'stowage_api', 'stowage_worker', 'stowage_monitor'] loop
    if not exists (select from pg_roles where rolname = program) then
      execute format('create role %I login', program);
    end if;
    -- From here on no password is accepted for it.
    execute format('grant rds_iam to %I', program);
  end loop;
end
$$;

-- Nobody else, not even by chance.
revoke all on database stowage from public;
revoke all on schema public from public;
grant connect on database stowage to stowage_migration, stowage_api, stowage_worker, stowage_monitor;

-- The migration job owns what it makes.
grant create, usage on schema public to stowage_migration;

-- The programs use it, and cannot change its shape.
grant usage on schema public to stowage_api, stowage_worker;
grant stowage_migration to current_user;
alter default privileges for role stowage_migration in schema public
  grant select, insert, update, delete on tables to stowage_api, stowage_worker;
alter default privileges for role stowage_migration in schema public
  grant usage on sequences to stowage_api, stowage_worker;
-- Not in a schema: there, what everybody has by default cannot be taken away.
alter default privileges for role stowage_migration revoke execute on functions from public;
alter default privileges for role stowage_migration in schema public
  grant execute on functions to stowage_api, stowage_worker;
revoke stowage_migration from current_user;

-- The exporter of metrics looks at statistics alone.
grant pg_monitor to stowage_monitor;
create extension if not exists pg_stat_statements;
