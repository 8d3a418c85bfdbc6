import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { shardOf, wholeJob } from '../shard.ts';
import type { DueVersion, TrashRepository, VersionPage, VersionRemoval } from './trash-repository.ts';

export interface TrashFields {
  readonly bucketId: string;
  /** @default an object of its own */
  readonly objectId?: string;
  /** @default a blob of its own */
  readonly blobId?: string;
  /** @default it is current */
  readonly endedDaysAgo?: number;
}

export interface TrashRepositorySubject extends AsyncDisposable {
  readonly trash: TrashRepository;
  givenBucket(fields: { readonly retentionDays: number; readonly deletedDaysAgo?: number }): Promise<string>;
  /** A version of 10 bytes. */
  givenVersion(
    fields: TrashFields,
  ): Promise<{ readonly id: string; readonly objectId: string; readonly blobId: string }>;
}

/** What every TrashRepository does. */
export function describeTrashRepository(name: string, open: () => Promise<TrashRepositorySubject>): void {
  describe(name, () => {
    let opened: TrashRepositorySubject;
    let trash: TrashRepository;
    beforeEach(async () => {
      opened = await open();
      ({ trash } = opened);
    });
    afterEach(async () => {
      await opened[Symbol.asyncDispose]();
    });

    const everything = { shard: wholeJob, after: undefined, limit: 100 };
    const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(({ id }) => id).sort();
    const remove = async (...ids: readonly string[]): Promise<VersionRemoval> => {
      const removals: VersionRemoval[] = [];
      await trash.removeVersions(ids, { graceMs: 1000, record: async (_tx, removal) => void removals.push(removal) });
      const [removal, ...others] = removals;
      if (removal === undefined || others.length > 0) throw new Error(`recorded ${removals.length} times`);
      return removal;
    };
    const listAll = async (
      list: (page: VersionPage) => Promise<readonly DueVersion[]>,
    ): Promise<readonly DueVersion[]> => {
      const all: DueVersion[] = [];
      for (;;) {
        const page = await list({ shard: wholeJob, after: all.at(-1), limit: 3 });
        if (page.length === 0) return all;
        all.push(...page);
      }
    };

    it('lists each version past the retention of its bucket once, over pages and buckets', async () => {
      const expected: string[] = [];
      for (const retentionDays of [0, 7, 30]) {
        const bucketId = await opened.givenBucket({ retentionDays });
        for (const endedDaysAgo of [1, 8, 8, 31, 31, 31, 31]) {
          const { id } = await opened.givenVersion({ bucketId, endedDaysAgo });
          if (endedDaysAgo > retentionDays) expected.push(id);
        }
        await opened.givenVersion({ bucketId });
      }
      expect(idsOf(await listAll((page) => trash.listExpired(page)))).toEqual(expected.sort());
      expect(await trash.countVersions(wholeJob)).toBe(expected.length);
    });

    it('lists all versions of due buckets, and those nowhere else', async () => {
      const due = await opened.givenBucket({ retentionDays: 7, deletedDaysAgo: 8 });
      const young = await opened.givenBucket({ retentionDays: 7, deletedDaysAgo: 6 });
      const inDue = [];
      for (const endedDaysAgo of [10, 9, 1]) inDue.push(await opened.givenVersion({ bucketId: due, endedDaysAgo }));
      inDue.push(await opened.givenVersion({ bucketId: due }), await opened.givenVersion({ bucketId: due }));
      const expired = await opened.givenVersion({ bucketId: young, endedDaysAgo: 10 });
      await opened.givenVersion({ bucketId: young });
      expect(idsOf(await listAll((page) => trash.listOfDueBuckets(page)))).toEqual(idsOf(inDue));
      expect(idsOf(await listAll((page) => trash.listExpired(page)))).toEqual([expired.id]);
    });

    it('gives each shard the objects that are its own', async () => {
      const bucketId = await opened.givenBucket({ retentionDays: 0 });
      const versions = [];
      for (let index = 0; index < 20; index += 1)
        versions.push(await opened.givenVersion({ bucketId, endedDaysAgo: 1 }));
      for (let index = 0; index < 3; index += 1) {
        const shard = { index, count: 3 };
        const own = versions.filter(({ objectId }) => shardOf(objectId, 3) === index);
        expect(idsOf(await trash.listExpired({ ...everything, shard }))).toEqual(idsOf(own));
        expect(await trash.countVersions(shard)).toBe(own.length);
      }
    });

    it('removes a version with its object and its blob when they have no other', async () => {
      const bucketId = await opened.givenBucket({ retentionDays: 0 });
      const alone = await opened.givenVersion({ bucketId, endedDaysAgo: 1 });
      const copied = await opened.givenVersion({ bucketId, endedDaysAgo: 1 });
      await opened.givenVersion({ bucketId, blobId: copied.blobId });
      const replaced = await opened.givenVersion({ bucketId, endedDaysAgo: 1 });
      await opened.givenVersion({ bucketId, objectId: replaced.objectId });
      expect(await remove(alone.id, copied.id, replaced.id, newId())).toEqual({
        versions: 3,
        versionBytes: 30,
        objects: 2,
        garbageBlobs: 2,
        garbageBytes: 20,
      });
      expect(await trash.listExpired(everything)).toEqual([]);
      expect(await remove(alone.id)).toMatchObject({ versions: 0, versionBytes: 0, objects: 0, garbageBlobs: 0 });
    });

    it('makes one piece of garbage of a blob whose versions go together', async () => {
      const bucketId = await opened.givenBucket({ retentionDays: 0 });
      const first = await opened.givenVersion({ bucketId, endedDaysAgo: 1 });
      const second = await opened.givenVersion({ bucketId, endedDaysAgo: 1, blobId: first.blobId });
      expect(await remove(first.id, second.id)).toMatchObject({ versions: 2, garbageBlobs: 1, garbageBytes: 10 });
    });

    it('removes what is current of a deleted bucket alone', async () => {
      const kept = await opened.givenVersion({ bucketId: await opened.givenBucket({ retentionDays: 0 }) });
      const bucketId = await opened.givenBucket({ retentionDays: 0, deletedDaysAgo: 1 });
      const gone = await opened.givenVersion({ bucketId });
      expect(await remove(kept.id, gone.id)).toMatchObject({ versions: 1, objects: 1, garbageBlobs: 1 });
      expect(await trash.listOfDueBuckets(everything)).toEqual([]);
    });

    it('keeps what its bucket still keeps', async () => {
      const bucketId = await opened.givenBucket({ retentionDays: 7 });
      const young = await opened.givenVersion({ bucketId, endedDaysAgo: 6 });
      const deleted = await opened.givenBucket({ retentionDays: 7, deletedDaysAgo: 6 });
      const current = await opened.givenVersion({ bucketId: deleted });
      const gone = await opened.givenVersion({ bucketId: deleted, endedDaysAgo: 8 });
      expect(await remove(young.id, current.id, gone.id)).toMatchObject({ versions: 1, objects: 1, garbageBlobs: 1 });
    });

    it('removes due buckets that are empty', async () => {
      const empty = [];
      for (let index = 0; index < 3; index += 1)
        empty.push(await opened.givenBucket({ retentionDays: 0, deletedDaysAgo: 1 }));
      const full = await opened.givenBucket({ retentionDays: 0, deletedDaysAgo: 1 });
      await opened.givenVersion({ bucketId: full });
      const living = await opened.givenBucket({ retentionDays: 0 });
      const first = await trash.listDueBuckets({ after: undefined, limit: 3 });
      const second = await trash.listDueBuckets({ after: first.at(-1), limit: 3 });
      expect(idsOf([...first, ...second])).toEqual([...empty, full].sort());
      expect(await trash.countDueBuckets(wholeJob)).toBe(4);
      const removed: number[] = [];
      await trash.removeEmptyBuckets([...empty, full, living], async (_tx, buckets) => void removed.push(buckets));
      expect(removed).toEqual([3]);
      expect(await trash.listDueBuckets({ after: undefined, limit: 10 })).toEqual([{ id: full }]);
    });
  });
}
