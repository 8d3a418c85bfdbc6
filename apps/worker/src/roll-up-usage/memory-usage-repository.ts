import { noTransaction } from '../memory-job-run.ts';
import type { Db } from '@stowage/db';
import { endOfDay, type UsageDay } from './usage-day.ts';
import type { Page, PageQuery, Usage, UsageRepository } from './usage-repository.ts';

/** A version, with what is known of its place and its blob. */
export interface MemoryVersion {
  readonly id: string;
  readonly accountId: string;
  readonly bucketId: string;
  readonly sizeBytes: number;
  readonly blobSizeBytes: number;
  readonly createdAt: Date;
  readonly endedAt: Date | undefined;
}

const nothing: Usage = { currentObjects: 0, currentBytes: 0, trashVersions: 0, trashBytes: 0 };

/** Keeps usage in memory. */
export class MemoryUsageRepository implements UsageRepository {
  readonly versions: MemoryVersion[] = [];
  /** By day, then by bucket. */
  readonly #buckets = new Map<UsageDay, Map<string, Usage>>();
  readonly #accounts = new Map<UsageDay, Map<string, Usage>>();
  readonly #accountOfBucket = new Map<string, string>();
  readonly #wholeDays: UsageDay[] = [];

  async findLatestDay(): Promise<UsageDay | undefined> {
    return [...this.#wholeDays].sort().at(-1);
  }

  async countVersions(): Promise<number> {
    return this.versions.length;
  }

  async beginDays(days: readonly UsageDay[], record: (tx: Db) => Promise<void>): Promise<void> {
    await record(noTransaction);
    for (const usage of [this.#buckets, this.#accounts]) for (const day of days) usage.delete(day);
  }

  async addPage(
    { days, after, limit, dryRun }: PageQuery,
    record: (tx: Db, page: Page) => Promise<void>,
  ): Promise<Page> {
    const sorted = [...this.versions].sort((a, b) => (a.id < b.id ? -1 : 1));
    const read = sorted.filter(({ id }) => after === undefined || id > after).slice(0, limit);
    const differing = read.filter(({ sizeBytes, blobSizeBytes }) => sizeBytes !== blobSizeBytes).length;
    const page = { versions: read.length, last: read.at(-1)?.id, differing };
    await record(noTransaction, page);
    for (const version of dryRun ? [] : read) for (const day of days) this.#addVersion(version, day);
    return page;
  }

  async completeDays(
    days: readonly UsageDay[],
    { record }: { readonly record: (tx: Db) => Promise<void> },
  ): Promise<void> {
    const twice = days.find((day) => this.#wholeDays.includes(day));
    if (twice !== undefined) throw new Error(`${twice} was completed before`);
    await record(noTransaction);
    this.#wholeDays.push(...days);
  }

  async countDriftedAccounts(since: UsageDay): Promise<number> {
    const drifted = new Set<string>();
    for (const day of this.#wholeDays.filter((whole) => whole >= since)) {
      const sums = new Map<string, Usage>();
      for (const [bucketId, usage] of this.#buckets.get(day) ?? []) add(sums, this.#accountOf(bucketId), usage);
      for (const [accountId, usage] of this.#accounts.get(day) ?? []) {
        if (JSON.stringify(sums.get(accountId) ?? nothing) !== JSON.stringify(usage)) drifted.add(accountId);
      }
    }
    return drifted.size;
  }

  async getTotal(day: UsageDay): Promise<Usage> {
    return [...(this.#accounts.get(day)?.values() ?? [])].reduce(plus, nothing);
  }

  /** What a bucket stored on a day; undefined when it stored nothing. */
  ofBucket(bucketId: string, day: UsageDay): Usage | undefined {
    return this.#buckets.get(day)?.get(bucketId);
  }

  /** Makes the usage of an account wrong. */
  falsify(accountId: string, day: UsageDay): void {
    add(mapOf(this.#accounts, day), accountId, { ...nothing, currentBytes: 1 });
  }

  #addVersion({ accountId, bucketId, sizeBytes, createdAt, endedAt }: MemoryVersion, day: UsageDay): void {
    const end = endOfDay(day);
    if (createdAt >= end) return;
    const isCurrent = endedAt === undefined || endedAt >= end;
    const usage = isCurrent
      ? { ...nothing, currentObjects: 1, currentBytes: sizeBytes }
      : { ...nothing, trashVersions: 1, trashBytes: sizeBytes };
    this.#accountOfBucket.set(bucketId, accountId);
    add(mapOf(this.#buckets, day), bucketId, usage);
    add(mapOf(this.#accounts, day), accountId, usage);
  }

  #accountOf(bucketId: string): string {
    return this.#accountOfBucket.get(bucketId) ?? '';
  }
}

function mapOf(days: Map<UsageDay, Map<string, Usage>>, day: UsageDay): Map<string, Usage> {
  const found = days.get(day) ?? new Map<string, Usage>();
  days.set(day, found);
  return found;
}

function add(sums: Map<string, Usage>, id: string, usage: Usage): void {
  sums.set(id, plus(sums.get(id) ?? nothing, usage));
}

function plus(one: Usage, other: Usage): Usage {
  return {
    currentObjects: one.currentObjects + other.currentObjects,
    currentBytes: one.currentBytes + other.currentBytes,
    trashVersions: one.trashVersions + other.trashVersions,
    trashBytes: one.trashBytes + other.trashBytes,
  };
}
