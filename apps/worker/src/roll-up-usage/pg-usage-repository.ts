import { sql, type Db, type TransactionalDb } from '@stowage/db';
import type { UsageDay } from './usage-day.ts';
import type { Page, PageQuery, Usage, UsageRepository } from './usage-repository.ts';

interface PageRow {
  readonly versions: number;
  readonly last: string | null;
  readonly differing: number;
}

const firstId = '00000000-0000-0000-0000-000000000000';

export class PgUsageRepository implements UsageRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async findLatestDay(): Promise<UsageDay | undefined> {
    const row = await this.#db.row<{ day: string | null }>(
      sql('find_latest_usage_day')`select max(day) as day from usage_days`,
    );
    return row?.day ?? undefined;
  }

  async countVersions(): Promise<number> {
    const row = await this.#db.row<{ count: number }>(sql('count_versions')`select count(*) as count from versions`);
    return row?.count ?? 0;
  }

  async beginDays(days: readonly UsageDay[], record: (tx: Db) => Promise<void>): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await tx.execute(sql('clear_bucket_usage')`delete from bucket_usage where day = any (${days}::date[])`);
      await tx.execute(sql('clear_account_usage')`delete from account_usage where day = any (${days}::date[])`);
      await record(tx);
    });
  }

  async addPage(query: PageQuery, record: (tx: Db, page: Page) => Promise<void>): Promise<Page> {
    return await this.#db.transaction(async (tx) => {
      const row = await tx.row<PageRow>(addUsagePage(query));
      if (row === undefined) throw new Error('an aggregate answers one row');
      const page = { versions: row.versions, last: row.last ?? undefined, differing: row.differing };
      await record(tx, page);
      return page;
    });
  }

  async completeDays(
    days: readonly UsageDay[],
    { measuredAt, record }: { readonly measuredAt: Date; readonly record: (tx: Db) => Promise<void> },
  ): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await tx.execute(sql('add_empty_buckets_to_usage')`
        insert into bucket_usage (bucket_id, day, account_id, current_objects, current_bytes, trash_versions, trash_bytes)
        select b.id, d.day, b.account_id, 0, 0, 0, 0
        from unnest(${days}::date[]) d (day)
          cross join lateral (select (d.day + 1)::timestamp at time zone 'UTC' as ends_at) e
          join buckets b on b.created_at < e.ends_at and (b.deleted_at is null or b.deleted_at >= e.ends_at)
        on conflict on constraint bucket_usage_pkey do nothing`);
      await tx.execute(sql('add_empty_accounts_to_usage')`
        insert into account_usage (account_id, day, current_objects, current_bytes, trash_versions, trash_bytes)
        select a.id, d.day, 0, 0, 0, 0
        from unnest(${days}::date[]) d (day)
          join accounts a on a.created_at < (d.day + 1)::timestamp at time zone 'UTC'
        on conflict on constraint account_usage_pkey do nothing`);
      await tx.execute(sql('complete_usage_days')`
        insert into usage_days (day, measured_at) select day, ${measuredAt} from unnest(${days}::date[]) d (day)`);
      await record(tx);
    });
  }

  async countDriftedAccounts(since: UsageDay): Promise<number> {
    const row = await this.#db.row<{ count: number }>(sql('count_drifted_accounts')`
      with sums as (
        select b.account_id, b.day, sum(b.current_objects) as current_objects, sum(b.current_bytes) as current_bytes,
          sum(b.trash_versions) as trash_versions, sum(b.trash_bytes) as trash_bytes
        from usage_days d join bucket_usage b on b.day = d.day where d.day >= ${since}::date group by b.account_id, b.day
      ), told as (
        select a.account_id, a.day, a.current_objects, a.current_bytes, a.trash_versions, a.trash_bytes
        from usage_days d join account_usage a on a.day = d.day where d.day >= ${since}::date
      )
      select count(distinct account_id) as count
      from told full join sums using (account_id, day)
      where (coalesce(told.current_objects, 0), coalesce(told.current_bytes, 0),
          coalesce(told.trash_versions, 0), coalesce(told.trash_bytes, 0))
        <> (coalesce(sums.current_objects, 0), coalesce(sums.current_bytes, 0),
          coalesce(sums.trash_versions, 0), coalesce(sums.trash_bytes, 0))`);
    return row?.count ?? 0;
  }

  async getTotal(day: UsageDay): Promise<Usage> {
    const row = await this.#db.row<Usage>(sql('get_total_usage')`
      select coalesce(sum(current_objects), 0)::bigint as "currentObjects",
        coalesce(sum(current_bytes), 0)::bigint as "currentBytes",
        coalesce(sum(trash_versions), 0)::bigint as "trashVersions",
        coalesce(sum(trash_bytes), 0)::bigint as "trashBytes"
      from account_usage where day = ${day}::date`);
    if (row === undefined) throw new Error('an aggregate answers one row');
    return row;
  }
}

/**
 * A page of versions, added to the usage of its buckets and accounts on each day. What a version was at the end of a day
 * does not change afterwards, so pages read at different times fit together.
 */
function addUsagePage({ days, after = firstId, limit, dryRun }: PageQuery): ReturnType<ReturnType<typeof sql>> {
  return sql('add_usage_page')`
    with page as materialized (
      select id, object_id, blob_id, size_bytes, created_at, ended_at from versions where id > ${after} order by id limit ${limit}
    ), located as materialized (
      select p.id, p.size_bytes, p.created_at, least(p.ended_at, k.deleted_at) as ended_at,
        k.account_id, k.id as bucket_id, b.size_bytes is distinct from p.size_bytes as differs
      from page p join objects o on o.id = p.object_id join buckets k on k.id = o.bucket_id join blobs b on b.id = p.blob_id
    ), by_bucket as materialized (
      select l.bucket_id, d.day, l.account_id,
        count(*) filter (where c.is_current) as current_objects,
        coalesce(sum(l.size_bytes) filter (where c.is_current), 0) as current_bytes,
        count(*) filter (where not c.is_current) as trash_versions,
        coalesce(sum(l.size_bytes) filter (where not c.is_current), 0) as trash_bytes
      from unnest(${days}::date[]) d (day)
        cross join lateral (select (d.day + 1)::timestamp at time zone 'UTC' as ends_at) e
        join located l on l.created_at < e.ends_at
        cross join lateral (select l.ended_at is null or l.ended_at >= e.ends_at as is_current) c
      where not ${dryRun}::boolean group by l.bucket_id, d.day, l.account_id
    ), buckets_added as (
      insert into bucket_usage as u
        (bucket_id, day, account_id, current_objects, current_bytes, trash_versions, trash_bytes)
      select bucket_id, day, account_id, current_objects, current_bytes, trash_versions, trash_bytes from by_bucket
      on conflict on constraint bucket_usage_pkey do update set
        current_objects = u.current_objects + excluded.current_objects,
        current_bytes = u.current_bytes + excluded.current_bytes,
        trash_versions = u.trash_versions + excluded.trash_versions,
        trash_bytes = u.trash_bytes + excluded.trash_bytes
    ), accounts_added as (
      insert into account_usage as u (account_id, day, current_objects, current_bytes, trash_versions, trash_bytes)
      select account_id, day, sum(current_objects), sum(current_bytes), sum(trash_versions), sum(trash_bytes)
      from by_bucket group by account_id, day
      on conflict on constraint account_usage_pkey do update set
        current_objects = u.current_objects + excluded.current_objects,
        current_bytes = u.current_bytes + excluded.current_bytes,
        trash_versions = u.trash_versions + excluded.trash_versions,
        trash_bytes = u.trash_bytes + excluded.trash_bytes
    )
    select count(*) as versions, max(id::text) as last, count(*) filter (where differs) as differing from located`;
}
