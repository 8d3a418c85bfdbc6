import { runSql } from './local-services.ts';

/** Folders of a seeded bucket, each with the same number of files, and behind them keys without a folder. */
export const seededFolders = 300;
export const seededRootKeys = 100;

/**
 * Fills a bucket with rows alone, as the API would have made them: `folder-007/file-0000012.txt`, `root-042.txt`.
 * There are no bytes behind them.
 */
export async function seedObjects(databaseUrl: string, bucketId: string, keys: number): Promise<void> {
  const perFolder = Math.floor((keys - seededRootKeys) / seededFolders);
  await runSql(databaseUrl, [
    `create temporary table seeds as
       select gen_random_uuid() as blob_id, gen_random_uuid() as object_id, gen_random_uuid() as version_id,
         case when n < ${seededFolders * perFolder}
           then 'folder-' || lpad((n % ${seededFolders})::text, 3, '0') || '/file-' || lpad((n / ${seededFolders})::text, 7, '0') || '.txt'
           else 'root-' || lpad((n - ${seededFolders * perFolder})::text, 3, '0') || '.txt'
         end as key
       from generate_series(0, ${seededFolders * perFolder + seededRootKeys - 1}) n`,
    `insert into blobs (id, state, size_bytes, sha256) select blob_id, 'live', 10240, sha256(blob_id::text::bytea) from seeds`,
    `insert into objects (id, bucket_id, key) select object_id, '${bucketId}', key from seeds`,
    `insert into versions (id, object_id, blob_id, size_bytes, sha256, content_type)
       select version_id, object_id, blob_id, 10240, sha256(blob_id::text::bytea), 'text/plain' from seeds`,
    `update objects o set current_version_id = s.version_id from seeds s where o.id = s.object_id`,
    'drop table seeds',
    'vacuum analyze blobs, objects, versions',
    'checkpoint',
  ]);
}
