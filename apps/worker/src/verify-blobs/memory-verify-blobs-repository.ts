import type { Db } from '@stowage/db';
import { shardOf, wholeJob, type Shard } from '../shard.ts';
import type { BlobFault } from './blob-fault.ts';
import type { RecordedContent } from './blob-inspector.ts';
import type { SettledVerdict, Verdict } from './verdict.ts';
import type { DueBlob, DueQuery, RingState, SettleOptions, VerifyBlobsRepository } from './verify-blobs-repository.ts';

/** A row of `blobs`, as far as its verification goes. */
export interface MemoryBlobRow extends RecordedContent {
  readonly live: boolean;
  readonly createdAt: Date;
  readonly verifiedAt: Date | undefined;
  readonly quarantinedAt: Date | undefined;
  readonly fault: BlobFault | undefined;
}

/** Keeps rows in memory; time is what it is told. */
export class MemoryVerifyBlobsRepository implements VerifyBlobsRepository {
  readonly rows = new Map<string, MemoryBlobRow>();
  readonly #now: () => Date;
  readonly #tx: Db;

  /** `tx` is what `record` is called with. */
  constructor({ now, tx }: { readonly now: () => Date; readonly tx: Db }) {
    this.#now = now;
    this.#tx = tx;
  }

  async readTime(): Promise<Date> {
    return this.#now();
  }

  async listDue({ before, after, limit }: DueQuery): Promise<readonly DueBlob[]> {
    const due = this.#inShard(wholeJob)
      .filter((row) => turnOf(row) < before.getTime() && (after === undefined || isAfter(row, after)))
      .sort((a, b) => (isAfter(a, positionOf(b)) ? 1 : -1));
    return due.slice(0, limit).map((row) => ({
      ...contentOf(row),
      position: positionOf(row),
    }));
  }

  async countDue({ shard, limit, ...query }: DueQuery & { readonly shard: Shard }): Promise<number> {
    const due = await this.listDue({ ...query, limit: Infinity });
    return Math.min(limit, due.filter(({ id }) => shardOf(id, shard.count) === shard.index).length);
  }

  async settle(verdicts: readonly Verdict[], { dryRun, record }: SettleOptions): Promise<readonly SettledVerdict[]> {
    const settled = verdicts.map((verdict) => {
      const row = this.rows.get(verdict.id);
      const wasLive = row?.live ?? false;
      return { ...verdict, wasLive, wasQuarantined: wasLive && row?.quarantinedAt !== undefined };
    });
    await record(this.#tx, settled);
    if (!dryRun) settled.filter(({ wasLive }) => wasLive).forEach((verdict) => this.#change(verdict));
    return settled;
  }

  async readState(shard: Shard): Promise<RingState> {
    const rows = this.#inShard(shard);
    const count = (fault: BlobFault): number => rows.filter((row) => row.fault === fault).length;
    const turns = rows.filter(({ fault }) => fault === undefined).map(turnOf);
    return {
      quarantined: {
        missing: count('missing'),
        'wrong-size': count('wrong-size'),
        'wrong-content': count('wrong-content'),
      },
      longestUnverifiedSince: turns.length === 0 ? undefined : new Date(Math.min(...turns)),
    };
  }

  #change({ id, fault }: Verdict): void {
    const row = this.rows.get(id);
    if (row === undefined) return;
    const now = this.#now();
    const quarantinedAt = fault === undefined ? undefined : (row.quarantinedAt ?? now);
    this.rows.set(id, { ...row, fault, quarantinedAt, verifiedAt: fault === undefined ? now : row.verifiedAt });
  }

  #inShard({ index, count }: Shard): MemoryBlobRow[] {
    return [...this.rows.values()].filter(({ id, live }) => live && shardOf(id, count) === index);
  }
}

function turnOf({ quarantinedAt, verifiedAt, createdAt }: MemoryBlobRow): number {
  return quarantinedAt === undefined ? (verifiedAt ?? createdAt).getTime() : -Infinity;
}

function positionOf(row: MemoryBlobRow): DueBlob['position'] {
  return { turn: String(turnOf(row)), id: row.id };
}

function isAfter(row: MemoryBlobRow, { turn, id }: DueBlob['position']): boolean {
  return turnOf(row) === Number(turn) ? row.id > id : turnOf(row) > Number(turn);
}

function contentOf({ id, sizeBytes, sha256 }: MemoryBlobRow): RecordedContent {
  return { id, sizeBytes, sha256 };
}
