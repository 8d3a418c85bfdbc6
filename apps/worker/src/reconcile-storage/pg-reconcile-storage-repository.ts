import { sql, type Db, type TransactionalDb } from '@stowage/db';
import { settleVerdicts } from '../verify-blobs/pg-verdicts.ts';
import type {
  Orphan,
  ReconcileStorageRepository,
  RecordedBlob,
  Repairs,
  RowsQuery,
  SettledRepairs,
  SettleRepairsOptions,
} from './reconcile-storage-repository.ts';

interface BlobRow extends Omit<RecordedBlob, 'sizeBytes'> {
  readonly sizeBytes: number | null;
}

export class PgReconcileStorageRepository implements ReconcileStorageRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async listRows({ after, until, limit }: RowsQuery): Promise<readonly RecordedBlob[]> {
    const rows = await this.#db.rows<BlobRow>(sql('list_blob_rows')`
      select id, state, size_bytes as "sizeBytes", quarantined_at is not null as "isQuarantined" from blobs
      where id > ${after} and id <= ${until}
      order by id
      limit ${limit}`);
    return rows.map((row) => ({ ...row, sizeBytes: row.sizeBytes ?? undefined }));
  }

  async findKnown(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return findKnown(this.#db, ids);
  }

  async settle(
    { orphans, losses }: Repairs,
    { dryRun, deleteAfter, record }: SettleRepairsOptions,
  ): Promise<SettledRepairs> {
    return this.#db.transaction(
      async (tx) => {
        const settled = {
          orphans: dryRun ? await unknownOf(tx, orphans) : await recordAsGarbage(tx, orphans, deleteAfter),
          losses: await settleVerdicts(tx, losses, { dryRun }),
        };
        await record(tx, settled);
        return settled;
      },
      { repeatable: true },
    );
  }
}

async function findKnown(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.rows<{ id: string }>(
    sql('find_known_blobs')`select id from blobs where id = any (${ids}::uuid[])`,
  );
  return new Set(rows.map(({ id }) => id));
}

async function unknownOf(tx: Db, orphans: readonly Orphan[]): Promise<readonly Orphan[]> {
  const known = await findKnown(
    tx,
    orphans.map(({ id }) => id),
  );
  return orphans.filter(({ id }) => !known.has(id));
}

/** The row is all the deletion needs; one that is there already explains the bytes. */
async function recordAsGarbage(tx: Db, orphans: readonly Orphan[], deleteAfter: Date): Promise<readonly Orphan[]> {
  if (orphans.length === 0) return [];
  return tx.rows<Orphan>(sql('record_orphaned_blobs')`
    insert into blobs (id, state, size_bytes, delete_after)
    select id, 'garbage', size_bytes, ${deleteAfter}
    from unnest(${orphans.map(({ id }) => id)}::uuid[], ${orphans.map(({ sizeBytes }) => sizeBytes)}::bigint[])
      as orphan (id, size_bytes)
    on conflict (id) do nothing
    returning id, size_bytes as "sizeBytes"`);
}
