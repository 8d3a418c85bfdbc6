import { sql, UniqueViolationError, type Db, type TransactionalDb } from '@stowage/db';
import { BucketNameTakenError, BucketNotEmptyError, BucketNotFoundError, TooManyGrantsError } from './bucket-errors.ts';
import type { BucketChange, BucketFilter, BucketRepository, NewBucket } from './bucket-repository.ts';
import { mostGrants, type Bucket, type GrantRole } from './bucket.ts';
import { toBucket, type BucketRow } from './pg-bucket-row.ts';

export class PgBucketRepository implements BucketRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async insert(bucket: NewBucket): Promise<Bucket> {
    const row = await refuseTakenName(bucket.name, () =>
      this.#db.row<BucketRow>(sql('insert_bucket')`
        insert into buckets as b (id, account_id, name, max_object_bytes, content_types, retention_days, public_read)
        values (${bucket.id}, ${bucket.accountId}, ${bucket.name}, ${bucket.maxObjectBytes ?? null},
          ${bucket.contentTypes ?? null}, ${bucket.retentionDays}, ${bucket.publicRead})
        on conflict on constraint buckets_pkey do update set id = excluded.id where b.deleted_at is null
        returning b.id, b.account_id, b.name, b.max_object_bytes, b.content_types, b.retention_days, b.public_read,
          b.created_at, b.generation,
          (select jsonb_object_agg(g.user_id, g.role) from bucket_grants g where g.bucket_id = b.id) as grants`),
    );
    if (row === undefined) throw new BucketNotFoundError();
    return toBucket(row);
  }

  async findByName(accountId: string, name: string): Promise<Bucket | undefined> {
    const row = await this.#db.row<BucketRow>(sql('find_bucket_by_name')`
      select b.id, b.account_id, b.name, b.max_object_bytes, b.content_types, b.retention_days, b.public_read,
        b.created_at, b.generation,
        (select jsonb_object_agg(g.user_id, g.role) from bucket_grants g where g.bucket_id = b.id) as grants
      from buckets b
      where b.account_id = ${accountId} and b.name = ${name} and b.deleted_at is null`);
    return row && toBucket(row);
  }

  async list(filter: BucketFilter, page: { afterName: string; limit: number }): Promise<readonly Bucket[]> {
    const rows = await this.#db.rows<BucketRow>(sql('list_buckets')`
      select b.id, b.account_id, b.name, b.max_object_bytes, b.content_types, b.retention_days, b.public_read,
        b.created_at, b.generation,
        (select jsonb_object_agg(g.user_id, g.role) from bucket_grants g where g.bucket_id = b.id) as grants
      from buckets b
      where b.account_id = ${filter.accountId} and b.deleted_at is null
        and b.name collate "C" > ${page.afterName}
        and (${filter.bucketId ?? null}::uuid is null or b.id = ${filter.bucketId ?? null})
        and (${filter.grantedTo ?? null}::uuid is null or exists (
          select from bucket_grants g where g.bucket_id = b.id and g.user_id = ${filter.grantedTo ?? null}))
      order by b.name collate "C"
      limit ${page.limit}`);
    return rows.map(toBucket);
  }

  async update(id: string, change: BucketChange): Promise<Bucket | undefined> {
    const row = await refuseTakenName(change.name ?? '', () =>
      this.#db.row<BucketRow>(sql('update_bucket')`
        update buckets b set
          name = coalesce(${change.name ?? null}, b.name),
          max_object_bytes = case when ${'maxObjectBytes' in change} then ${change.maxObjectBytes ?? null}::bigint else b.max_object_bytes end,
          content_types = case when ${'contentTypes' in change} then ${change.contentTypes ?? null}::text[] else b.content_types end,
          retention_days = coalesce(${change.retentionDays ?? null}, b.retention_days),
          public_read = coalesce(${change.publicRead ?? null}, b.public_read),
          generation = nextval('generations')
        where b.id = ${id} and b.deleted_at is null
        returning b.id, b.account_id, b.name, b.max_object_bytes, b.content_types, b.retention_days, b.public_read,
          b.created_at, b.generation,
          (select jsonb_object_agg(g.user_id, g.role) from bucket_grants g where g.bucket_id = b.id) as grants`),
    );
    return row && toBucket(row);
  }

  async delete(id: string, { force }: { force: boolean }): Promise<number | undefined> {
    return this.#db.transaction(async (db) => {
      // Waits for uploads about to commit, which hold the row, and keeps further ones out.
      if (!(await this.#lock(db, id))) return undefined;
      const found = force
        ? undefined
        : await db.row(sql('find_any_object')`
            select 1 as one from objects where bucket_id = ${id} and current_version_id is not null limit 1`);
      if (found !== undefined) throw new BucketNotEmptyError();
      const row = await db.row<{ generation: number }>(sql('delete_bucket')`
        update buckets set deleted_at = now(), generation = nextval('generations') where id = ${id} returning generation`);
      return row?.generation;
    });
  }

  async putGrant(id: string, userId: string, role: GrantRole): Promise<Bucket | undefined> {
    return this.#db.transaction(async (db) => {
      if (!(await this.#lock(db, id))) return undefined;
      const written = await db.execute(sql('put_bucket_grant')`
        insert into bucket_grants (bucket_id, user_id, role)
        select b.id, u.id, ${role}
        from buckets b join users u on u.account_id = b.account_id
        where b.id = ${id} and u.id = ${userId}
        on conflict on constraint bucket_grants_pkey do update set role = excluded.role`);
      if (written === 0) return undefined;
      const bucket = await this.#touch(db, id);
      if (Object.keys(bucket?.grants ?? {}).length > mostGrants) throw new TooManyGrantsError(mostGrants);
      return bucket;
    });
  }

  async deleteGrant(id: string, userId: string): Promise<Bucket | undefined> {
    return this.#db.transaction(async (db) => {
      if (!(await this.#lock(db, id))) return undefined;
      const deleted = await db.execute(
        sql('delete_bucket_grant')`delete from bucket_grants where bucket_id = ${id} and user_id = ${userId}`,
      );
      return deleted === 0 ? undefined : this.#touch(db, id);
    });
  }

  async #lock(db: Db, id: string): Promise<boolean> {
    const row = await db.row(
      sql('lock_bucket')`select id from buckets where id = ${id} and deleted_at is null for update`,
    );
    return row !== undefined;
  }

  /** The bucket with its changed grants, under a new generation. */
  async #touch(db: Db, id: string): Promise<Bucket | undefined> {
    const row = await db.row<BucketRow>(sql('touch_bucket')`
      update buckets b set generation = nextval('generations') where b.id = ${id}
      returning b.id, b.account_id, b.name, b.max_object_bytes, b.content_types, b.retention_days, b.public_read,
        b.created_at, b.generation,
        (select jsonb_object_agg(g.user_id, g.role) from bucket_grants g where g.bucket_id = b.id) as grants`);
    return row && toBucket(row);
  }
}

async function refuseTakenName<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof UniqueViolationError && error.constraint === 'buckets_account_id_name_key') {
      throw new BucketNameTakenError(name, { cause: error });
    }
    throw error;
  }
}
