import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { shardOf, wholeJob } from '../shard.ts';
import { expiringKinds, type ExpiredRecordRepository, type ExpiringKind } from './expired-record-repository.ts';

export interface ExpiredRecordRepositorySubject extends AsyncDisposable {
  readonly records: ExpiredRecordRepository;
  given(record: { readonly kind: ExpiringKind; readonly id: string; readonly expiresAt: Date }): Promise<void>;
}

/** What every ExpiredRecordRepository does. */
export function describeExpiredRecordRepository(
  name: string,
  open: () => Promise<ExpiredRecordRepositorySubject>,
): void {
  describe(name, () => {
    let opened: ExpiredRecordRepositorySubject;
    let records: ExpiredRecordRepository;
    beforeEach(async () => {
      opened = await open();
      ({ records } = opened);
    });
    afterEach(async () => {
      await opened[Symbol.asyncDispose]();
    });

    const given = async (kind: ExpiringKind, minutesAgo: number): Promise<string> => {
      const id = newId();
      await opened.given({ kind, id, expiresAt: new Date(Date.now() - minutesAgo * 60_000) });
      return id;
    };

    it.each(expiringKinds)('removes expired %s in batches, and counts what it removes', async (kind) => {
      for (const minutesAgo of [5, 4, 3, 2, 1, -1, -2]) await given(kind, minutesAgo);
      await given(kind === 'sessions' ? 'invitations' : 'sessions', 1);
      expect(await records.count(kind, wholeJob)).toBe(5);
      const recorded: number[] = [];
      let from: string | undefined;
      for (let batch = 0; batch < 4; batch += 1) {
        const options = { shard: wholeJob, from, limit: 2 };
        const { removed, through } = await records.removeSome(
          kind,
          options,
          async (_tx, count) => void recorded.push(count),
        );
        expect(removed).toBe(recorded.at(-1));
        if (removed > 0) from = through;
      }
      expect(recorded).toEqual([2, 2, 1, 0]);
      expect(await records.count(kind, wholeJob)).toBe(0);
    });

    it.each(expiringKinds)('gives each shard the %s that are its own', async (kind) => {
      const ids = [];
      for (let index = 0; index < 12; index += 1) ids.push(await given(kind, 1));
      for (let index = 0; index < 3; index += 1) {
        const shard = { index, count: 3 };
        const own = ids.filter((id) => shardOf(id, 3) === index).length;
        expect(await records.count(kind, shard)).toBe(own);
        const options = { shard, from: undefined, limit: 100 };
        expect(await records.removeSome(kind, options, async () => undefined)).toMatchObject({ removed: own });
      }
      expect(await records.count(kind, wholeJob)).toBe(0);
    });
  });
}
