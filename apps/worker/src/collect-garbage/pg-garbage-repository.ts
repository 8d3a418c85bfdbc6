import { sql, type TransactionalDb } from '@stowage/db';
import type { Shard } from '../shard.ts';
import type { BlobPage, DueBlob, GarbageRepository, RecordRemoval, Removal } from './garbage-repository.ts';

/** Counting more takes longer than it is worth. */
const mostCounted = 1_000_000;

const noRemoval: Removal = { blobs: 0, bytes: 0 };

export class PgGarbageRepository implements GarbageRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async count(shard: Shard): Promise<number | undefined> {
    const row = await this.#db.row<{ count: number }>(sql('count_due_blobs')`
      select count(*) as count from (
        select from blobs where state = 'pending' and delete_after <= now() and shard_of(id, ${shard.count}) = ${shard.index}
        union all
        select from blobs where state = 'garbage' and delete_after <= now() and shard_of(id, ${shard.count}) = ${shard.index}
        limit ${mostCounted}) due`);
    const count = row?.count ?? 0;
    return count < mostCounted ? count : undefined;
  }

  async listOverdue({ shard, after, limit }: BlobPage): Promise<readonly DueBlob[]> {
    return this.#db.rows<DueBlob>(sql('list_overdue_blobs')`
      select id, 0 as "sizeBytes", delete_after::text as place, false as referenced
      from blobs
      where state = 'pending' and delete_after <= now() and shard_of(id, ${shard.count}) = ${shard.index}
        and (delete_after, id) > (${after?.place ?? '-infinity'}::timestamptz, ${after?.id ?? lowestId}::uuid)
      order by delete_after, id limit ${limit}`);
  }

  async giveUp(ids: readonly string[], graceMs: number, record: RecordRemoval): Promise<void> {
    await this.#db.transaction(async (tx) => {
      // A blob that is locked is about to become live.
      const removal = await tx.row<Removal>(sql('give_up_blobs')`
        with given_up as (
          update blobs set state = 'garbage', delete_after = now() + ${graceMs}::float8 * interval '1 millisecond'
          where id in (
            select id from blobs where id = any (${ids}::uuid[]) and state = 'pending' and delete_after <= now()
            order by id for update skip locked)
          returning id
        )
        select count(*) as blobs, 0 as bytes from given_up`);
      await record(tx, removal ?? noRemoval);
    });
  }

  async listDue({ shard, after, limit }: BlobPage): Promise<readonly DueBlob[]> {
    return this.#db.rows<DueBlob>(sql('list_due_garbage')`
      select b.id, coalesce(b.size_bytes, 0) as "sizeBytes", b.delete_after::text as place,
        exists (select from versions v where v.blob_id = b.id) as referenced
      from blobs b
      where b.state = 'garbage' and b.delete_after <= now() and shard_of(b.id, ${shard.count}) = ${shard.index}
        and (b.delete_after, b.id) > (${after?.place ?? '-infinity'}::timestamptz, ${after?.id ?? lowestId}::uuid)
      order by b.delete_after, b.id limit ${limit}`);
  }

  async forget(ids: readonly string[], record: RecordRemoval): Promise<void> {
    await this.#db.transaction(async (tx) => {
      const removal = await tx.row<Removal>(sql('forget_garbage')`
        with forgotten as (
          delete from blobs where id in (
            select id from blobs where id = any (${ids}::uuid[]) and state = 'garbage' order by id for update skip locked)
          returning size_bytes
        )
        select count(*) as blobs, coalesce(sum(size_bytes), 0)::bigint as bytes from forgotten`);
      await record(tx, removal ?? noRemoval);
    });
  }

  async backlogSeconds(shard: Shard): Promise<number> {
    const row = await this.#db.row<{ seconds: number }>(sql('read_garbage_backlog')`
      select extract(epoch from now() - delete_after)::float8 as seconds from blobs
      where state = 'garbage' and delete_after <= now() and shard_of(id, ${shard.count}) = ${shard.index}
      order by delete_after, id limit 1`);
    return row?.seconds ?? 0;
  }
}

const lowestId = '00000000-0000-0000-0000-000000000000';
