import { runSql } from './local-services.ts';

/**
 * Makes a bucket beside another one and fills it with deleted objects of one version each that are past its retention, as the API would
 * have made them; there are no bytes behind them.
 */
export async function seedTrash(databaseUrl: string, besideBucketId: string, versions: number): Promise<void> {
  await runSql(databaseUrl, [
    `create temporary table trash as
       select gen_random_uuid() as blob_id, uuidv7() as object_id, uuidv7() as version_id, n from generate_series(1, ${versions}) n`,
    `create temporary table trash_bucket as select uuidv7() as id`,
    `insert into buckets (id, account_id, name, retention_days, public_read)
       select t.id, b.account_id, 'trash-' || t.id, 1, false from trash_bucket t, buckets b where b.id = '${besideBucketId}'`,
    `insert into blobs (id, state, size_bytes, sha256) select blob_id, 'live', 10240, sha256(blob_id::text::bytea) from trash`,
    `insert into objects (id, bucket_id, key) select object_id, trash_bucket.id, 'file-' || n || '.txt' from trash, trash_bucket`,
    `insert into versions (id, object_id, blob_id, size_bytes, sha256, content_type, ended_at)
       select version_id, object_id, blob_id, 10240, sha256(blob_id::text::bytea), 'text/plain',
         now() - interval '3 days' + n * interval '1 millisecond' from trash`,
    'drop table trash, trash_bucket',
    'vacuum analyze blobs, objects, versions',
    'checkpoint',
  ]);
}
