import { describe, expect, it } from '@jest/globals';
import { readsOnly } from './reads-only.ts';

describe('readsOnly', () => {
  it.each([
    'select id from buckets where id = $1',
    '\n  SELECT count(*)::int as n, coalesce(max(size), 0) from objects',
    'with page as materialized (select id from objects where key > $1 limit $2) select * from page',
    'select a from t where (a, b) > ($1, $2) and c in ($3, $4) and exists (select 1 from u)',
    'select a * (b + (c - 1)) from t where updated_at > now() and deleted is false',
    'select sum(size) filter (where live) over (partition by bucket order by key) from objects',
  ])('yes: %s', (text) => {
    expect(readsOnly(text)).toBe(true);
  });

  it.each([
    'insert into buckets (id) values ($1)',
    'update buckets set name = $1',
    'delete from buckets',
    'select 1 into copy',
    'select id from jobs for update skip locked',
    'select id from jobs for no key update',
    'select id from jobs for share',
    "select nextval('ids')",
    'select pg_advisory_lock(1)',
    'select app.consume_token($1)',
    'select "Consume"($1)',
    'select consume/**/($1)',
    'with gone as (delete from buckets returning id) select id from gone',
    'call sweep()',
    'create table t (id int)',
    'explain analyze delete from buckets',
    '',
  ])('no: %s', (text) => {
    expect(readsOnly(text)).toBe(false);
  });
});
