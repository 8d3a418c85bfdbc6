import { noTransaction } from '../memory-job-run.ts';
import { shardOf, type Shard } from '../shard.ts';
import type { BlobPage, DueBlob, GarbageRepository, RecordRemoval } from './garbage-repository.ts';

export interface MemoryBlobRow {
  readonly id: string;
  readonly state: 'pending' | 'live' | 'garbage';
  readonly sizeBytes: number;
  readonly deleteAfter: Date;
  /** @default false */
  readonly referenced?: boolean;
}

/** Keeps the rows of blobs in memory. */
export class MemoryGarbageRepository implements GarbageRepository {
  readonly #rows = new Map<string, MemoryBlobRow>();
  readonly #now: () => Date;

  constructor(rows: readonly MemoryBlobRow[] = [], now: () => Date = () => new Date()) {
    for (const row of rows) this.add(row);
    this.#now = now;
  }

  add(row: MemoryBlobRow): void {
    this.#rows.set(row.id, row);
  }

  get rows(): readonly MemoryBlobRow[] {
    return [...this.#rows.values()];
  }

  async count(shard: Shard): Promise<number> {
    return this.#due('pending', shard).length + this.#due('garbage', shard).length;
  }

  async listOverdue(page: BlobPage): Promise<readonly DueBlob[]> {
    return this.#list('pending', page).map((blob) => ({ ...blob, sizeBytes: 0, referenced: false }));
  }

  async giveUp(ids: readonly string[], graceMs: number, record: RecordRemoval): Promise<void> {
    const overdue = ids.filter((id) => this.#rows.get(id)?.state === 'pending');
    const deleteAfter = new Date(this.#now().getTime() + graceMs);
    for (const id of overdue) this.#rows.set(id, { id, sizeBytes: 0, state: 'garbage', deleteAfter });
    await record(noTransaction, { blobs: overdue.length, bytes: 0 });
  }

  async listDue(page: BlobPage): Promise<readonly DueBlob[]> {
    return this.#list('garbage', page);
  }

  async forget(ids: readonly string[], record: RecordRemoval): Promise<void> {
    const garbage = ids.flatMap((id) => this.#rows.get(id) ?? []).filter(({ state }) => state === 'garbage');
    for (const { id } of garbage) this.#rows.delete(id);
    const bytes = garbage.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await record(noTransaction, { blobs: garbage.length, bytes });
  }

  async backlogSeconds(shard: Shard): Promise<number> {
    const [oldest] = this.#due('garbage', shard);
    return oldest === undefined ? 0 : (this.#now().getTime() - oldest.deleteAfter.getTime()) / 1000;
  }

  #list(state: MemoryBlobRow['state'], { shard, after, limit }: BlobPage): readonly DueBlob[] {
    return this.#due(state, shard)
      .map(({ id, sizeBytes, referenced = false, ...row }) => ({ id, sizeBytes, referenced, place: placeOf(row) }))
      .filter(({ place, id }) => after === undefined || place + id > after.place + after.id)
      .slice(0, limit);
  }

  #due(state: MemoryBlobRow['state'], { index, count }: Shard): readonly MemoryBlobRow[] {
    return this.rows
      .filter((row) => row.state === state && row.deleteAfter <= this.#now() && shardOf(row.id, count) === index)
      .sort((a, b) => (placeOf(a) + a.id < placeOf(b) + b.id ? -1 : 1));
  }
}

function placeOf({ deleteAfter }: Pick<MemoryBlobRow, 'deleteAfter'>): string {
  return deleteAfter.toISOString();
}
