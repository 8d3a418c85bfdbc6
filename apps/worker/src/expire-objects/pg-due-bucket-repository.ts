import { sql, type Db, type TransactionalDb } from '@stowage/db';
import type { Shard } from '../shard.ts';
import type { DueBucket, DueBucketPage, DueBucketRepository } from './due-bucket-repository.ts';

const lowestId = '00000000-0000-0000-0000-000000000000';

export class PgDueBucketRepository implements DueBucketRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async count(shard: Shard): Promise<number> {
    const row = await this.#db.row<{ count: number }>(sql('count_due_buckets')`
      select count(*) as count from buckets
      where deleted_at < now() - make_interval(days => retention_days) and shard_of(id, ${shard.count}) = ${shard.index}`);
    return row?.count ?? 0;
  }

  async list({ after, limit }: DueBucketPage): Promise<readonly DueBucket[]> {
    return this.#db.rows<DueBucket>(sql('list_due_buckets')`
      select id from buckets
      where deleted_at < now() - make_interval(days => retention_days) and id > ${after?.id ?? lowestId}
      order by id limit ${limit}`);
  }

  async removeEmpty(ids: readonly string[], record: (tx: Db, buckets: number) => Promise<void>): Promise<void> {
    await this.#db.transaction(async (tx) => {
      // Each shard asks after its own last removal was committed, so the one that asks last sees none left.
      const removed = await tx.execute(sql('remove_empty_buckets')`
        delete from buckets where id in (
          select b.id from buckets b
          where b.id = any (${ids}::uuid[]) and b.deleted_at is not null
            and not exists (select from objects o where o.bucket_id = b.id)
          order by b.id for update skip locked)`);
      await record(tx, removed);
    });
  }
}
