import type { Db } from '@stowage/db';
import type { UsageDay } from './usage-day.ts';

/** What is stored: by the objects there are, and by the versions that wait for their retention to end. */
export interface Usage {
  readonly currentObjects: number;
  readonly currentBytes: number;
  readonly trashVersions: number;
  readonly trashBytes: number;
}

/** Versions in the order of their ids. */
export interface PageQuery {
  /** The days that are measured. */
  readonly days: readonly UsageDay[];
  /** The id of the last version that was added; undefined to begin. */
  readonly after: string | undefined;
  readonly limit: number;
  /** Whether nothing is added. */
  readonly dryRun: boolean;
}

/** What was found in a page. */
export interface Page {
  readonly versions: number;
  /** The id of the last one; undefined when there was none. */
  readonly last: string | undefined;
  /** Versions whose size is not that of their blob. */
  readonly differing: number;
}

/** Usage day by day. */
export interface UsageRepository {
  /** The latest day whose usage is whole. */
  findLatestDay(): Promise<UsageDay | undefined>;
  countVersions(): Promise<number>;
  /**
   * Begins days anew: what was added to them by a pass that nobody goes on with is forgotten.
   * @param record called in the same transaction
   */
  beginDays(days: readonly UsageDay[], record: (tx: Db) => Promise<void>): Promise<void>;
  /**
   * Adds the versions of a page to the usage of their buckets and accounts, as it was when each of the days ended.
   * @param record called in the same transaction
   */
  addPage(query: PageQuery, record: (tx: Db, page: Page) => Promise<void>): Promise<Page>;
  /**
   * Makes the usage of the days whole: with the buckets that had nothing in them, and the accounts.
   * @param record called in the same transaction
   */
  completeDays(
    days: readonly UsageDay[],
    options: { readonly measuredAt: Date; readonly record: (tx: Db) => Promise<void> },
  ): Promise<void>;
  /** How many accounts have another usage, on whole days since then, than their buckets together. */
  countDriftedAccounts(since: UsageDay): Promise<number>;
  /** What all accounts stored together. */
  getTotal(day: UsageDay): Promise<Usage>;
}
