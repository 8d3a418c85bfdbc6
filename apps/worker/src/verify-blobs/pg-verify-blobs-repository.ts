import { sql, type TransactionalDb } from '@stowage/db';
import type { Shard } from '../shard.ts';
import type { BlobFault } from './blob-fault.ts';
import { settleVerdicts } from './pg-verdicts.ts';
import type { SettledVerdict, Verdict } from './verdict.ts';
import type { DueBlob, DueQuery, RingState, SettleOptions, VerifyBlobsRepository } from './verify-blobs-repository.ts';

interface DueRow {
  readonly id: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly turn: string;
}

/** Before all positions: no time is earlier, no id lower. */
const beginning = { turn: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

export class PgVerifyBlobsRepository implements VerifyBlobsRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async readTime(): Promise<Date> {
    const row = await this.#db.row<{ time: Date }>(sql('read_verification_time')`select now() as time`);
    if (row === undefined) throw new Error('a time returned no row');
    return row.time;
  }

  async listDue({ before, after = beginning, limit }: DueQuery): Promise<readonly DueBlob[]> {
    const rows = await this.#db.rows<DueRow>(sql('list_unverified_blobs')`
      select id, size_bytes as "sizeBytes", encode(sha256, 'hex') as sha256,
        verification_turn(quarantined_at, verified_at, created_at)::text as turn
      from blobs
      where state = 'live' and verification_turn(quarantined_at, verified_at, created_at) < ${before}
        and (verification_turn(quarantined_at, verified_at, created_at), id) > (${after.turn}::timestamptz, ${after.id}::uuid)
      order by verification_turn(quarantined_at, verified_at, created_at), id
      limit ${limit}`);
    return rows.map(({ turn, ...blob }) => ({ ...blob, position: { turn, id: blob.id } }));
  }

  async countDue({ shard, before, after = beginning, limit }: DueQuery & { readonly shard: Shard }): Promise<number> {
    const row = await this.#db.row<{ count: number }>(sql('count_unverified_blobs')`
      select count(*) as count from (
        select from blobs
        where state = 'live' and shard_of(id, ${shard.count}) = ${shard.index}
          and verification_turn(quarantined_at, verified_at, created_at) < ${before}
          and (verification_turn(quarantined_at, verified_at, created_at), id) > (${after.turn}::timestamptz, ${after.id}::uuid)
        limit ${limit}) due`);
    return row?.count ?? 0;
  }

  async settle(verdicts: readonly Verdict[], { dryRun, record }: SettleOptions): Promise<readonly SettledVerdict[]> {
    return this.#db.transaction(
      async (tx) => {
        const settled = await settleVerdicts(tx, verdicts, { dryRun });
        await record(tx, settled);
        return settled;
      },
      { repeatable: true },
    );
  }

  async readState(shard: Shard): Promise<RingState> {
    const faulty = await this.#db.rows<{ fault: BlobFault; count: number }>(sql('count_quarantined_blobs')`
      select fault, count(*) as count from blobs
      where quarantined_at is not null and state = 'live' and shard_of(id, ${shard.count}) = ${shard.index}
      group by fault`);
    const oldest = await this.#db.row<{ since: Date }>(sql('find_longest_unverified_blob')`
      select verification_turn(quarantined_at, verified_at, created_at) as since from blobs
      where state = 'live' and shard_of(id, ${shard.count}) = ${shard.index}
        and verification_turn(quarantined_at, verified_at, created_at) > '-infinity'
      order by verification_turn(quarantined_at, verified_at, created_at), id
      limit 1`);
    const count = (fault: BlobFault): number => faulty.find((row) => row.fault === fault)?.count ?? 0;
    return {
      quarantined: {
        missing: count('missing'),
        'wrong-size': count('wrong-size'),
        'wrong-content': count('wrong-content'),
      },
      longestUnverifiedSince: oldest?.since,
    };
  }
}
