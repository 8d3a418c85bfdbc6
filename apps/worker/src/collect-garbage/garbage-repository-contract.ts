import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { shardOf, wholeJob } from '../shard.ts';
import type { DueBlob, GarbageRepository, RecordRemoval, Removal } from './garbage-repository.ts';

const hourMs = 3_600_000;

export interface GarbageRepositorySubject extends AsyncDisposable {
  readonly garbage: GarbageRepository;
  given(blob: { id: string; state: 'pending' | 'garbage'; sizeBytes: number; deleteAfter: Date }): Promise<void>;
  /** A blob that is due, and that a version refers to. */
  givenReferencedGarbage(): Promise<string>;
}

/** What every GarbageRepository does. */
export function describeGarbageRepository(name: string, open: () => Promise<GarbageRepositorySubject>): void {
  describe(name, () => {
    let opened: GarbageRepositorySubject;
    let garbage: GarbageRepository;
    let recorded: Removal[];
    beforeEach(async () => {
      opened = await open();
      ({ garbage } = opened);
      recorded = [];
    });
    afterEach(async () => {
      await opened[Symbol.asyncDispose]();
    });

    const record: RecordRemoval = async (_tx, removal) => {
      recorded.push(removal);
    };
    const given = async (state: 'pending' | 'garbage', hoursAgo: number, sizeBytes = 5): Promise<string> => {
      const id = newId();
      await opened.given({ id, state, sizeBytes, deleteAfter: new Date(Date.now() - hoursAgo * hourMs) });
      return id;
    };
    const idsOf = (blobs: readonly DueBlob[]): readonly string[] => blobs.map(({ id }) => id);
    const everything = { shard: wholeJob, after: undefined, limit: 100 };

    it('lists what is due, longest first, page by page', async () => {
      const [young, old, middle] = [await given('garbage', 1), await given('garbage', 3), await given('garbage', 2)];
      await given('garbage', -1);
      await given('pending', 4);
      const first = await garbage.listDue({ ...everything, limit: 2 });
      expect(idsOf(first)).toEqual([old, middle]);
      expect(first[0]).toMatchObject({ sizeBytes: 5, referenced: false });
      const second = await garbage.listDue({ ...everything, after: first[1], limit: 2 });
      expect(idsOf(second)).toEqual([young]);
      expect(await garbage.listDue({ ...everything, after: second[0] })).toEqual([]);
    });

    it('lists everything once that is due at one time', async () => {
      const deleteAfter = new Date(Date.now() - hourMs);
      const ids = Array.from({ length: 7 }, () => newId());
      for (const id of ids) await opened.given({ id, state: 'pending', sizeBytes: 0, deleteAfter });
      const seen: string[] = [];
      for (let after: DueBlob | undefined; ;) {
        const page = await garbage.listOverdue({ ...everything, after, limit: 3 });
        if (page.length === 0) break;
        seen.push(...idsOf(page));
        after = page.at(-1);
      }
      expect(seen).toEqual(ids.sort());
    });

    it('gives up what is overdue, for it to be deleted after the grace', async () => {
      const [overdue, arriving] = [await given('pending', 1), await given('pending', -1)];
      expect(idsOf(await garbage.listOverdue(everything))).toEqual([overdue]);
      await garbage.giveUp([overdue], hourMs, record);
      expect(recorded).toEqual([{ blobs: 1, bytes: 0 }]);
      expect(await garbage.listOverdue(everything)).toEqual([]);
      expect(await garbage.listDue(everything)).toEqual([]);
      const late = await given('pending', 1);
      await garbage.giveUp([late, overdue], 0, record);
      expect(recorded[1]).toEqual({ blobs: 1, bytes: 0 });
      expect(idsOf(await garbage.listDue(everything))).toEqual([late]);
      expect(arriving).not.toBe(late);
    });

    it('forgets garbage once, and only garbage', async () => {
      const [due, pending] = [await given('garbage', 1, 7), await given('pending', 1)];
      await garbage.forget([due, pending, newId()], record);
      await garbage.forget([due, pending], record);
      expect(recorded).toEqual([
        { blobs: 1, bytes: 7 },
        { blobs: 0, bytes: 0 },
      ]);
      expect(await garbage.count(wholeJob)).toBe(1);
    });

    it('tells what a version refers to', async () => {
      const referenced = await opened.givenReferencedGarbage();
      expect(await garbage.listDue(everything)).toEqual([
        expect.objectContaining({ id: referenced, referenced: true }),
      ]);
    });

    it('gives each shard its own', async () => {
      const ids = [];
      for (let index = 0; index < 20; index += 1) ids.push(await given(index % 2 === 0 ? 'garbage' : 'pending', 1));
      for (let index = 0; index < 3; index += 1) {
        const shard = { index, count: 3 };
        const listed = [
          ...(await garbage.listDue({ ...everything, shard })),
          ...(await garbage.listOverdue({ ...everything, shard })),
        ];
        expect(idsOf(listed).toSorted()).toEqual(ids.filter((id) => shardOf(id, 3) === index).toSorted());
        expect(await garbage.count(shard)).toBe(listed.length);
      }
    });

    it('knows how long the longest garbage is past its grace', async () => {
      expect(await garbage.backlogSeconds(wholeJob)).toBe(0);
      await given('garbage', 1);
      await given('garbage', 2);
      await given('garbage', -1);
      expect(Math.round((await garbage.backlogSeconds(wholeJob)) / 3600)).toBe(2);
    });
  });
}
