import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { UsageDay } from './usage-day.ts';
import type { Page, UsageRepository } from './usage-repository.ts';

/** A version to be stored, in a bucket of an account by those names. */
export interface GivenVersion {
  readonly account: string;
  readonly bucket: string;
  readonly sizeBytes: number;
  /** @default that of the version */
  readonly blobSizeBytes?: number;
  readonly createdAt: Date;
  /** @default never: it is current */
  readonly endedAt?: Date;
}

export interface UsageRepositorySubject extends AsyncDisposable {
  readonly usage: UsageRepository;
  givenVersion(version: GivenVersion): Promise<void>;
  /** Makes what is remembered of an account wrong. */
  givenWrongAccount(account: string, day: UsageDay): Promise<void>;
}

const [monday, tuesday] = ['2026-03-02', '2026-03-03'];
const at = (time: string): Date => new Date(`2026-03-${time}Z`);
const measuredAt = at('04T00:15:00');
const nothing = { currentObjects: 0, currentBytes: 0, trashVersions: 0, trashBytes: 0 };

/** What every UsageRepository does. */
export function describeUsageRepository(name: string, open: () => Promise<UsageRepositorySubject>): void {
  describe(name, () => {
    let subject: UsageRepositorySubject;
    let usage: UsageRepository;
    beforeEach(async () => {
      subject = await open();
      ({ usage } = subject);
    });
    afterEach(async () => {
      await subject[Symbol.asyncDispose]();
    });

    const given = (fields: Partial<GivenVersion>): Promise<void> =>
      subject.givenVersion({
        ...{ account: 'ada', bucket: 'photos', sizeBytes: 10, createdAt: at('02T12:00:00') },
        ...fields,
      });
    const addAll = async (days: readonly UsageDay[], limit = 100): Promise<readonly Page[]> => {
      const pages: Page[] = [];
      let after: string | undefined;
      do {
        const record = async (_tx: unknown, page: Page): Promise<void> => void pages.push(page);
        ({ last: after } = await usage.addPage({ days, after, limit, dryRun: false }, record));
      } while (after !== undefined);
      return pages;
    };
    const complete = (days: readonly UsageDay[]): Promise<void> =>
      usage.completeDays(days, { measuredAt, record: async () => undefined });

    it('knows of no day before one was measured', async () => {
      expect(await usage.findLatestDay()).toBeUndefined();
      expect(await usage.countVersions()).toBe(0);
      expect(await usage.getTotal(monday)).toEqual(nothing);
    });

    it('adds versions page by page, and each once', async () => {
      for (const sizeBytes of [1, 2, 4, 8, 16]) await given({ sizeBytes });
      expect(await usage.countVersions()).toBe(5);
      expect((await addAll([monday], 2)).map(({ versions }) => versions)).toEqual([2, 2, 1, 0]);
      await complete([monday]);
      expect(await usage.getTotal(monday)).toEqual({ ...nothing, currentObjects: 5, currentBytes: 31 });
      expect(await usage.findLatestDay()).toBe(monday);
    });

    it('tells for each day what was current when it ended, what was in the trash and what was not there yet', async () => {
      await given({ sizeBytes: 1 });
      await given({ sizeBytes: 2, endedAt: at('03T00:00:00') }); // the first moment of Tuesday
      await given({ sizeBytes: 4, endedAt: at('02T23:59:59') });
      await given({ sizeBytes: 8, createdAt: at('03T00:00:00') });
      await given({ sizeBytes: 16, createdAt: at('04T00:00:00') });
      await addAll([monday, tuesday]);
      await complete([monday, tuesday]);
      const ended = { currentObjects: 2, currentBytes: 3, trashVersions: 1, trashBytes: 4 };
      expect(await usage.getTotal(monday)).toEqual(ended);
      expect(await usage.getTotal(tuesday)).toEqual({
        currentObjects: 2,
        currentBytes: 9,
        trashVersions: 2,
        trashBytes: 6,
      });
    });

    it('begins days anew, and leaves the others', async () => {
      await given({ sizeBytes: 1 });
      await addAll([monday]);
      await complete([monday]);
      await addAll([tuesday]);
      await usage.beginDays([tuesday], async () => undefined);
      await addAll([tuesday]);
      await complete([tuesday]);
      const once = { ...nothing, currentObjects: 1, currentBytes: 1 };
      expect([await usage.getTotal(monday), await usage.getTotal(tuesday)]).toEqual([once, once]);
      expect(await usage.countDriftedAccounts(monday)).toBe(0);
    });

    it('adds nothing in a dry run', async () => {
      await given({});
      const query = { days: [monday], after: undefined, limit: 10, dryRun: true };
      expect(await usage.addPage(query, async () => undefined)).toMatchObject({ versions: 1 });
      await complete([monday]);
      expect(await usage.getTotal(monday)).toEqual(nothing);
    });

    it('adds nothing, and completes no day, when its record fails', async () => {
      await given({});
      const fail = (): Promise<never> => Promise.reject(new Error('taken over'));
      const query = { days: [monday], after: undefined, limit: 10, dryRun: false };
      await expect(usage.addPage(query, fail)).rejects.toThrow('taken over');
      await expect(usage.completeDays([monday], { measuredAt, record: fail })).rejects.toThrow('taken over');
      expect(await usage.findLatestDay()).toBeUndefined();
      await complete([monday]);
      expect(await usage.getTotal(monday)).toEqual(nothing);
    });

    it('refuses to complete a day twice', async () => {
      await complete([monday]);
      await expect(complete([monday])).rejects.toThrow();
    });

    it('counts versions whose size is not that of their blob', async () => {
      for (const blobSizeBytes of [10, 11, 9]) await given({ blobSizeBytes });
      expect(await addAll([monday])).toMatchObject([{ differing: 2 }, { differing: 0 }]);
    });

    it('counts accounts whose usage is not the sum of their buckets, on whole days since the asked one', async () => {
      for (const account of ['ada', 'bob']) {
        for (const bucket of ['photos', 'films']) await given({ account, bucket: `${account}-${bucket}` });
      }
      await addAll([monday]);
      await complete([monday]);
      expect(await usage.countDriftedAccounts(monday)).toBe(0);
      await subject.givenWrongAccount('bob', monday);
      expect(await usage.countDriftedAccounts(monday)).toBe(1);
      expect(await usage.countDriftedAccounts(tuesday)).toBe(0);
    });
  });
}
