import { beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { BlobFault } from '../verify-blobs/blob-fault.ts';
import type {
  ReconcileStorageRepository,
  RecordedBlob,
  Repairs,
  SettledRepairs,
} from './reconcile-storage-repository.ts';

export interface GivenRow {
  readonly id: string;
  readonly state: RecordedBlob['state'];
  /** @default not in quarantine */
  readonly fault?: BlobFault;
}

export interface ReconcileStorageSubject {
  readonly repository: ReconcileStorageRepository;
  /** Adds a blob of 3 bytes; pending ones do not know their size yet. */
  givenRow(row: GivenRow): Promise<void>;
}

const [lowest, highest] = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
const deleteAfter = new Date('2100-01-01T00:00:00Z');

/** What every ReconcileStorageRepository does. `open` answers an empty one. */
export function describeReconcileStorageRepository(name: string, open: () => Promise<ReconcileStorageSubject>): void {
  describe(name, () => {
    let subject: ReconcileStorageSubject;
    let repository: ReconcileStorageRepository;
    beforeEach(async () => {
      subject = await open();
      ({ repository } = subject);
    });

    const list = (after = lowest, until = highest, limit = 100): Promise<readonly RecordedBlob[]> =>
      repository.listRows({ after, until, limit });
    const settle = (repairs: Partial<Repairs>, dryRun = false): Promise<SettledRepairs> =>
      repository.settle(
        { orphans: [], losses: [], ...repairs },
        { dryRun, deleteAfter, record: async () => undefined },
      );

    it('lists rows in the order of ids, between two of them', async () => {
      const ids = Array.from({ length: 5 }, (_, index) => `${index}0000000-0000-4000-8000-000000000000`);
      for (const id of ids.toReversed()) await subject.givenRow({ id, state: 'garbage' });
      expect((await list()).map(({ id }) => id)).toEqual(ids);
      expect((await list(ids[0], ids[3])).map(({ id }) => id)).toEqual(ids.slice(1, 4));
      expect((await list(ids[0], ids[3], 2)).map(({ id }) => id)).toEqual(ids.slice(1, 3));
    });

    it('says what the rows say', async () => {
      const [pending, live, garbage, damaged] = [newId(), newId(), newId(), newId()];
      await subject.givenRow({ id: pending, state: 'pending' });
      await subject.givenRow({ id: live, state: 'live' });
      await subject.givenRow({ id: garbage, state: 'garbage' });
      await subject.givenRow({ id: damaged, state: 'live', fault: 'missing' });
      expect(await list()).toEqual([
        { id: pending, state: 'pending', sizeBytes: undefined, isQuarantined: false },
        { id: live, state: 'live', sizeBytes: 3, isQuarantined: false },
        { id: garbage, state: 'garbage', sizeBytes: 3, isQuarantined: false },
        { id: damaged, state: 'live', sizeBytes: 3, isQuarantined: true },
      ]);
    });

    it('knows the ids that have a row, in any state', async () => {
      const [pending, garbage, unknown] = [newId(), newId(), newId()];
      await subject.givenRow({ id: pending, state: 'pending' });
      await subject.givenRow({ id: garbage, state: 'garbage' });
      expect(await repository.findKnown([pending, garbage, unknown])).toEqual(new Set([pending, garbage]));
      expect(await repository.findKnown([])).toEqual(new Set());
    });

    it('records orphans as garbage, but none that has a row', async () => {
      const [orphan, live] = [newId(), newId()];
      await subject.givenRow({ id: live, state: 'live' });
      const orphans = [orphan, live].map((id) => ({ id, sizeBytes: 7 }));
      expect(await settle({ orphans })).toEqual({ orphans: [{ id: orphan, sizeBytes: 7 }], losses: [] });
      expect(await list()).toEqual(
        expect.arrayContaining([
          { id: orphan, state: 'garbage', sizeBytes: 7, isQuarantined: false },
          { id: live, state: 'live', sizeBytes: 3, isQuarantined: false },
        ]),
      );
    });

    it('puts live losses into quarantine, and leaves alone what is not live', async () => {
      const [live, garbage] = [newId(), newId()];
      await subject.givenRow({ id: live, state: 'live' });
      await subject.givenRow({ id: garbage, state: 'garbage' });
      const settled = await settle({ losses: [live, garbage].map((id) => ({ id, fault: 'missing' })) });
      expect(settled.losses).toEqual([
        { id: live, fault: 'missing', wasLive: true, wasQuarantined: false },
        { id: garbage, fault: 'missing', wasLive: false, wasQuarantined: false },
      ]);
      expect((await list()).map(({ id, isQuarantined }) => [id, isQuarantined])).toEqual([
        [live, true],
        [garbage, false],
      ]);
    });

    it('changes nothing in a dry run, and nothing when the record is refused', async () => {
      const [live, orphan] = [newId(), newId()];
      await subject.givenRow({ id: live, state: 'live' });
      const before = await list();
      const repairs: Repairs = { orphans: [{ id: orphan, sizeBytes: 1 }], losses: [{ id: live, fault: 'missing' }] };
      const dry = await settle(repairs, true);
      expect([dry.orphans.length, dry.losses.map(({ wasLive }) => wasLive)]).toEqual([1, [true]]);
      const record = (): Promise<void> => Promise.reject(new Error('taken over'));
      await expect(repository.settle(repairs, { dryRun: false, deleteAfter, record })).rejects.toThrow('taken over');
      expect(await list()).toEqual(before);
    });
  });
}
