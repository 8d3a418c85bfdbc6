import type { Db } from '@stowage/db';
import { noTransaction } from '../memory-job-run.ts';
import { shardOf, type Shard } from '../shard.ts';
import type { ExpiredRecordRepository, ExpiringKind, RecordBatch, RecordRemoval } from './expired-record-repository.ts';

export interface MemoryRecord {
  readonly kind: ExpiringKind;
  readonly id: string;
  readonly expiresAt: Date;
}

/** Keeps what expires in memory. */
export class MemoryExpiredRecordRepository implements ExpiredRecordRepository {
  #records: readonly MemoryRecord[] = [];

  add(record: MemoryRecord): void {
    this.#records = [...this.#records, record];
  }

  get ids(): readonly string[] {
    return this.#records.map(({ id }) => id);
  }

  async count(kind: ExpiringKind, shard: Shard): Promise<number> {
    return this.#expired(kind, shard).length;
  }

  async removeSome(
    kind: ExpiringKind,
    { shard, limit }: RecordBatch,
    record: (tx: Db, removed: number) => Promise<void>,
  ): Promise<RecordRemoval> {
    const removed = this.#expired(kind, shard).slice(0, limit);
    this.#records = this.#records.filter((row) => !removed.includes(row));
    await record(noTransaction, removed.length);
    return { removed: removed.length, through: removed.at(-1)?.expiresAt.toISOString() };
  }

  #expired(kind: ExpiringKind, { index, count }: Shard): readonly MemoryRecord[] {
    const now = Date.now();
    return this.#records
      .filter((row) => row.kind === kind && row.expiresAt.getTime() <= now && shardOf(row.id, count) === index)
      .sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
  }
}
