import { sql, type Db, type TransactionalDb } from '@stowage/db';
import type { Shard } from '../shard.ts';
import type {
  DueBucket,
  DueBucketPage,
  DueVersion,
  RemovalOptions,
  TrashRepository,
  VersionPage,
  VersionRemoval,
} from './trash-repository.ts';

/** Counting more takes longer than it is worth. */
const mostCounted = 1_000_000;

const lowestId = '00000000-0000-0000-0000-000000000000';

export class PgTrashRepository implements TrashRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async countVersions(shard: Shard): Promise<number | undefined> {
    const row = await this.#db.row<{ count: number }>(sql('count_due_versions')`
      select count(*) as count from (
        select from find_expired_versions(${shard.index}, ${shard.count}, ${lowestId}, '-infinity', ${lowestId}, ${mostCounted})
        union all
        select from find_versions_of_due_buckets(${shard.index}, ${shard.count}, ${lowestId}, '', ${lowestId}, ${mostCounted})
      ) due`);
    const count = row?.count ?? 0;
    return count < mostCounted ? count : undefined;
  }

  async listExpired({ shard, after, limit }: VersionPage): Promise<readonly DueVersion[]> {
    return this.#db.rows<DueVersion>(sql('list_expired_versions')`
      select id, bucket_id as "bucketId", size_bytes as "sizeBytes", ended_at::text as place
      from find_expired_versions(${shard.index}, ${shard.count}, ${after?.bucketId ?? lowestId},
        ${after?.place ?? '-infinity'}, ${after?.id ?? lowestId}, ${limit})`);
  }

  async listOfDueBuckets({ shard, after, limit }: VersionPage): Promise<readonly DueVersion[]> {
    return this.#db.rows<DueVersion>(sql('list_versions_of_due_buckets')`
      select id, bucket_id as "bucketId", size_bytes as "sizeBytes", key as place
      from find_versions_of_due_buckets(${shard.index}, ${shard.count}, ${after?.bucketId ?? lowestId},
        ${after?.place ?? ''}, ${after?.id ?? lowestId}, ${limit})`);
  }

  async removeVersions(ids: readonly string[], { graceMs, record }: RemovalOptions): Promise<void> {
    await this.#db.transaction(async (tx) => {
      const removal = await tx.row<VersionRemoval>(sql('remove_versions')`
        select removed_versions as versions, removed_version_bytes as "versionBytes", removed_objects as objects,
          garbage_blobs as "garbageBlobs", garbage_bytes as "garbageBytes"
        from remove_versions(${ids}, ${graceMs}::float8 * interval '1 millisecond')`);
      if (removal === undefined) throw new Error('remove_versions returned no row');
      await record(tx, removal);
    });
  }

  async countDueBuckets(shard: Shard): Promise<number> {
    const row = await this.#db.row<{ count: number }>(sql('count_due_buckets')`
      select count(*) as count from buckets
      where deleted_at < now() - make_interval(days => retention_days) and shard_of(id, ${shard.count}) = ${shard.index}`);
    return row?.count ?? 0;
  }

  async listDueBuckets({ after, limit }: DueBucketPage): Promise<readonly DueBucket[]> {
    return this.#db.rows<DueBucket>(sql('list_due_buckets')`
      select id from buckets
      where deleted_at < now() - make_interval(days => retention_days) and id > ${after?.id ?? lowestId}
      order by id limit ${limit}`);
  }

  async removeEmptyBuckets(ids: readonly string[], record: (tx: Db, buckets: number) => Promise<void>): Promise<void> {
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
