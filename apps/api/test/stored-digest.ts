import { readdir } from 'node:fs/promises';
import { PgDb, sql } from '@stowage/db';
import type { RunningApi } from './start-api.ts';

/** A digest of every table and the name of every file, to tell whether anything was stored, changed or deleted. */
export async function storedDigest({
  databaseUrl,
  blobDirectory,
}: RunningApi): Promise<Readonly<Record<string, unknown>>> {
  await using db = PgDb.open({
    connection: { url: databaseUrl },
    applicationName: 'test',
    onPoolError: () => undefined,
  });
  // Who holds the lease on the cache changes all the time.
  const rows = await db.rows<{ name: string; digest: string }>(sql('test_table_digests')`
    select t.tablename as name, query_to_xml(format(
      'select count(*) as rows, md5(string_agg(md5(t::text), '''' order by md5(t::text))) as digest from %I as t', t.tablename
    ), false, true, '')::text as digest
    from pg_tables t
    where t.schemaname = 'public' and t.tablename <> 'cache_epochs'`);
  const files = (await readdir(blobDirectory, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  return {
    tables: Object.fromEntries(rows.map(({ name, digest }) => [name, digest])),
    files: files.map(({ parentPath, name }) => `${parentPath}/${name}`).sort(),
  };
}
