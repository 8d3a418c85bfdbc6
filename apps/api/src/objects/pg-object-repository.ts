import { sql, type Db } from '@stowage/db';
import { BucketNotFoundError } from '../buckets/bucket-errors.ts';
import type { Bucket } from '../buckets/bucket.ts';
import { toBucket, type BucketRow } from '../buckets/pg-bucket-row.ts';
import { PreconditionFailedError, UploadExpiredError } from './object-errors.ts';
import type {
  ChangedState,
  DeleteCondition,
  NamePage,
  NewVersion,
  ObjectRepository,
  ObjectState,
  StoredVersion,
  TimePage,
} from './object-repository.ts';
import { listByName, listByPrefix, listByTime } from './pg-object-listing.ts';
import { toStoredObject, type ObjectRow } from './pg-object-row.ts';
import type { ListedEntry, StoredObject, WriteCondition } from './stored-object.ts';

/** A bucket with its object; the object's columns are null where there is none. */
type FoundRow = Omit<BucketRow, 'id'> & { readonly bucket_id: string; readonly object_generation: number | null } & (
    ObjectRow | { readonly version_id: null }
  );

interface PutRow {
  readonly outcome: 'stored' | 'bucket-missing' | 'precondition-failed' | 'blob-missing';
  readonly object_generation: number;
  readonly created: boolean;
  readonly stored_at: Date;
  readonly blob_size_bytes: number;
  readonly blob_sha256: Buffer;
  readonly bucket_name: string;
}

interface DeleteRow {
  readonly outcome: 'deleted' | 'absent' | 'bucket-missing' | 'precondition-failed';
  readonly object_generation: number;
  readonly bucket_name: string;
}

export class PgObjectRepository implements ObjectRepository {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async findWithBucket(
    accountId: string,
    bucketName: string,
    key: string,
  ): Promise<{ bucket: Bucket | undefined; state: ObjectState }> {
    const row = await this.#db.row<FoundRow>(sql('find_object_with_bucket')`
      select b.id as bucket_id, b.account_id, b.name, b.max_object_bytes, b.content_types, b.retention_days, b.public_read,
        b.created_at, b.generation,
        (select jsonb_object_agg(g.user_id, g.role) from bucket_grants g where g.bucket_id = b.id) as grants,
        o.generation as object_generation, o.key, v.id as version_id, v.blob_id, v.size_bytes,
        encode(v.sha256, 'hex') as sha256, v.content_type, v.content_disposition, v.cache_control, v.metadata, v.created_at as version_created_at
      from buckets b
      left join objects o on o.bucket_id = b.id and o.key = ${key}
      left join versions v on v.id = o.current_version_id
      where b.account_id = ${accountId} and b.name = ${bucketName} and b.deleted_at is null`);
    if (row === undefined) return { bucket: undefined, state: { generation: 0, object: undefined } };
    return {
      bucket: toBucket({ ...row, id: row.bucket_id }),
      state: {
        generation: row.object_generation ?? 0,
        object: row.version_id === null ? undefined : toStoredObject(row, row.bucket_id),
      },
    };
  }

  async findVersion(bucketId: string, key: string, versionId: string): Promise<StoredObject | undefined> {
    const row = await this.#db.row<ObjectRow>(sql('find_version')`
      select o.key, v.id as version_id, v.blob_id, v.size_bytes, encode(v.sha256, 'hex') as sha256, v.content_type,
        v.content_disposition, v.cache_control, v.metadata, v.created_at as version_created_at
      from versions v
      join objects o on o.id = v.object_id
      where v.id = ${versionId} and o.bucket_id = ${bucketId} and o.key = ${key}`);
    return row && toStoredObject(row, bucketId);
  }

  async insertPendingBlob(id: string, deleteAfter: Date): Promise<void> {
    await this.#db.execute(
      sql('insert_pending_blob')`insert into blobs (id, delete_after) values (${id}, ${deleteAfter})`,
    );
  }

  async deletePendingBlob(id: string): Promise<void> {
    await this.#db.execute(sql('delete_pending_blob')`delete from blobs where id = ${id} and state = 'pending'`);
  }

  async putVersion(version: NewVersion, condition: WriteCondition): Promise<StoredVersion> {
    const { blob } = version;
    const row = await this.#db.row<PutRow>(sql('put_version')`
      select outcome, object_generation, created, stored_at, blob_size_bytes, blob_sha256, bucket_name
      from put_version(${version.bucketId}, ${version.key}, ${version.objectId}, ${version.versionId}, ${blob.id},
        ${blob.kind === 'new' ? blob.sizeBytes : null}, ${blob.kind === 'new' ? Buffer.from(blob.sha256, 'hex') : null},
        ${version.contentType}, ${version.contentDisposition ?? null}, ${version.cacheControl ?? null},
        ${JSON.stringify(version.metadata)}, ${version.createdBy}, ${condition.ifAbsent ?? false},
        ${condition.ifExists ?? false}, ${condition.ifMatch ?? null})`);
    if (row === undefined) throw new Error('put_version returned no row');
    if (row.outcome === 'bucket-missing') throw new BucketNotFoundError();
    if (row.outcome === 'precondition-failed') throw new PreconditionFailedError();
    if (row.outcome === 'blob-missing') throw new UploadExpiredError();
    const { bucketId, key, versionId, contentType, contentDisposition, cacheControl, metadata } = version;
    const object: StoredObject = {
      ...{ bucketId, key, versionId, contentType, contentDisposition, cacheControl, metadata },
      blobId: blob.id,
      sizeBytes: row.blob_size_bytes,
      sha256: row.blob_sha256.toString('hex'),
      modifiedAt: row.stored_at,
    };
    return { generation: row.object_generation, bucketName: row.bucket_name, created: row.created, object };
  }

  async delete(bucketId: string, key: string, condition: DeleteCondition): Promise<ChangedState | undefined> {
    const row = await this.#db.row<DeleteRow>(sql('delete_object')`
      select outcome, object_generation, bucket_name
      from delete_object(${bucketId}, ${key}, ${condition.ifExists ?? false}, ${condition.ifMatch ?? null})`);
    if (row === undefined) throw new Error('delete_object returned no row');
    if (row.outcome === 'bucket-missing') throw new BucketNotFoundError();
    if (row.outcome === 'precondition-failed') throw new PreconditionFailedError();
    if (row.outcome === 'absent') return undefined;
    return { generation: row.object_generation, bucketName: row.bucket_name, object: undefined };
  }

  async listByName(page: NamePage): Promise<readonly StoredObject[]> {
    return listByName(this.#db, page);
  }

  async listByPrefix(page: NamePage & { prefix: string; delimiter: string }): Promise<readonly ListedEntry[]> {
    return listByPrefix(this.#db, page);
  }

  async listByTime(page: TimePage): Promise<readonly StoredObject[]> {
    return listByTime(this.#db, page);
  }
}
