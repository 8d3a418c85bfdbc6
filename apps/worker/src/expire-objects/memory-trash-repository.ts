import type { Db } from '@stowage/db';
import { noTransaction } from '../memory-job-run.ts';
import { shardOf, type Shard } from '../shard.ts';
import type {
  DueBucket,
  DueBucketPage,
  DueVersion,
  RemovalOptions,
  TrashRepository,
  VersionPage,
} from './trash-repository.ts';

export interface MemoryBucket {
  readonly id: string;
  readonly retentionDays: number;
  /** @default not deleted */
  readonly deletedDaysAgo?: number | undefined;
}

export interface MemoryVersion {
  readonly id: string;
  readonly bucketId: string;
  readonly objectId: string;
  readonly blobId: string;
  readonly sizeBytes: number;
  /** @default it is current */
  readonly endedDaysAgo?: number | undefined;
}

/** Keeps buckets and versions in memory; objects and blobs are there as long as a version names them. */
export class MemoryTrashRepository implements TrashRepository {
  readonly #buckets = new Map<string, MemoryBucket>();
  readonly #versions = new Map<string, MemoryVersion>();
  readonly #garbage = new Set<string>();

  add(...rows: readonly (MemoryBucket | MemoryVersion)[]): void {
    for (const row of rows) {
      if ('objectId' in row) this.#versions.set(row.id, row);
      else this.#buckets.set(row.id, row);
    }
  }

  get bucketIds(): readonly string[] {
    return [...this.#buckets.keys()];
  }

  get versionIds(): readonly string[] {
    return [...this.#versions.keys()];
  }

  get garbage(): readonly string[] {
    return [...this.#garbage];
  }

  async countVersions(shard: Shard): Promise<number> {
    return this.#expired(shard).length + this.#ofDueBuckets(shard).length;
  }

  async listExpired(page: VersionPage): Promise<readonly DueVersion[]> {
    return pageOf(this.#expired(page.shard), page);
  }

  async listOfDueBuckets(page: VersionPage): Promise<readonly DueVersion[]> {
    return pageOf(this.#ofDueBuckets(page.shard), page);
  }

  async removeVersions(ids: readonly string[], { record }: RemovalOptions): Promise<void> {
    const removed = ids.flatMap((id) => this.#versions.get(id) ?? []).filter((version) => this.#mayGo(version));
    for (const { id } of removed) this.#versions.delete(id);
    const left = [...this.#versions.values()];
    const objects = new Set(removed.map(({ objectId }) => objectId));
    const blobs = new Map(removed.map(({ blobId, sizeBytes }) => [blobId, sizeBytes]));
    for (const { objectId, blobId } of left) {
      objects.delete(objectId);
      blobs.delete(blobId);
    }
    for (const blobId of blobs.keys()) this.#garbage.add(blobId);
    await record(noTransaction, {
      versions: removed.length,
      versionBytes: removed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      objects: objects.size,
      garbageBlobs: blobs.size,
      garbageBytes: [...blobs.values()].reduce((sum, bytes) => sum + bytes, 0),
    });
  }

  async countDueBuckets({ index, count }: Shard): Promise<number> {
    return [...this.#buckets.values()].filter((bucket) => isDue(bucket) && shardOf(bucket.id, count) === index).length;
  }

  async listDueBuckets({ after, limit }: DueBucketPage): Promise<readonly DueBucket[]> {
    const due = [...this.#buckets.values()].filter(isDue).sort((a, b) => (a.id < b.id ? -1 : 1));
    return due
      .filter(({ id }) => id > (after?.id ?? ''))
      .slice(0, limit)
      .map(({ id }) => ({ id }));
  }

  async removeEmptyBuckets(ids: readonly string[], record: (tx: Db, buckets: number) => Promise<void>): Promise<void> {
    const full = new Set([...this.#versions.values()].map(({ bucketId }) => bucketId));
    const empty = ids.filter((id) => this.#buckets.get(id)?.deletedDaysAgo !== undefined && !full.has(id));
    for (const id of empty) this.#buckets.delete(id);
    await record(noTransaction, empty.length);
  }

  #mayGo({ bucketId, endedDaysAgo }: MemoryVersion): boolean {
    const bucket = this.#buckets.get(bucketId);
    return bucket !== undefined && (isDue(bucket) || isOver(endedDaysAgo, bucket));
  }

  #expired(shard: Shard): readonly MemoryVersion[] {
    return this.#select(shard, ({ endedDaysAgo }, bucket) => !isDue(bucket) && isOver(endedDaysAgo, bucket));
  }

  #ofDueBuckets(shard: Shard): readonly MemoryVersion[] {
    return this.#select(shard, (_version, bucket) => isDue(bucket));
  }

  #select({ index, count }: Shard, isWanted: (version: MemoryVersion, bucket: MemoryBucket) => boolean) {
    const found = [...this.#versions.values()].filter((version) => {
      const bucket = this.#buckets.get(version.bucketId);
      return bucket !== undefined && isWanted(version, bucket) && shardOf(version.objectId, count) === index;
    });
    return found.sort((a, b) => (a.bucketId + a.id < b.bucketId + b.id ? -1 : 1));
  }
}

function isDue(bucket: MemoryBucket): boolean {
  return isOver(bucket.deletedDaysAgo, bucket);
}

function isOver(daysAgo: number | undefined, { retentionDays }: MemoryBucket): boolean {
  return daysAgo !== undefined && daysAgo > retentionDays;
}

function pageOf(versions: readonly MemoryVersion[], { after, limit }: VersionPage): readonly DueVersion[] {
  const from = after === undefined ? '' : after.bucketId + after.id;
  return versions
    .filter(({ bucketId, id }) => bucketId + id > from)
    .slice(0, limit)
    .map(({ id, bucketId, sizeBytes }) => ({ id, bucketId, sizeBytes, place: '' }));
}
