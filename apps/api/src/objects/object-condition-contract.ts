import { describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { givenBucket, newVersion, putNew, type StorageRepositories } from '../../test/storage-repositories.ts';
import { PreconditionFailedError } from './object-errors.ts';
import type { WriteCondition } from './stored-object.ts';

/** What a write demands of the object that is there; part of `describeObjectRepository`. */
export function describeWriteConditions(open: () => StorageRepositories): void {
  describe('conditions', () => {
    const demands = [
      { title: 'ifAbsent', condition: { ifAbsent: true }, absent: 'stored', present: 'failed' },
      { title: 'ifExists', condition: { ifExists: true }, absent: 'failed', present: 'stored' },
      {
        title: 'ifMatch of the current version',
        condition: { ifMatch: ['current'] },
        absent: 'failed',
        present: 'stored',
      },
      {
        title: 'ifMatch of another or the current version',
        condition: { ifMatch: [newId(), 'current'] },
        absent: 'failed',
        present: 'stored',
      },
      { title: 'ifMatch of another version', condition: { ifMatch: [newId()] }, absent: 'failed', present: 'failed' },
      { title: 'ifMatch of no version', condition: { ifMatch: [] }, absent: 'failed', present: 'failed' },
      {
        title: 'ifExists and ifAbsent',
        condition: { ifExists: true, ifAbsent: true },
        absent: 'failed',
        present: 'failed',
      },
      { title: 'no condition', condition: {}, absent: 'stored', present: 'stored' },
    ] as const;
    type Demand = (typeof demands)[number]['condition'];

    const resolve = (condition: Demand, current: string): WriteCondition =>
      'ifMatch' in condition
        ? { ifMatch: condition.ifMatch.map((id: string) => (id === 'current' ? current : id)) }
        : condition;
    const outcomeOf = async (work: Promise<unknown>): Promise<string> => {
      try {
        await work;
        return 'stored';
      } catch (error) {
        expect(error).toBeInstanceOf(PreconditionFailedError);
        return 'failed';
      }
    };

    it.each(demands)('$title: $absent when absent', async ({ condition, absent }) => {
      const repositories = open();
      const { objects } = repositories;
      const bucket = await givenBucket(repositories);
      const never = resolve(condition, newId());
      expect(await outcomeOf(putNew(repositories, newVersion(bucket, 'new'), never))).toBe(absent);
      const { object } = await putNew(repositories, newVersion(bucket, 'deleted'));
      await objects.delete(bucket.id, 'deleted', {});
      const before = await objects.findWithBucket(bucket.accountId, bucket.name, 'deleted');
      const deleted = resolve(condition, object.versionId);
      expect(await outcomeOf(putNew(repositories, newVersion(bucket, 'deleted'), deleted))).toBe(absent);
      if (absent === 'stored') return;
      expect(await objects.findWithBucket(bucket.accountId, bucket.name, 'deleted')).toEqual(before);
    });

    it.each(demands)('$title: $present when present', async ({ condition, present }) => {
      const repositories = open();
      const { objects } = repositories;
      const bucket = await givenBucket(repositories);
      const { generation, object } = await putNew(repositories, newVersion(bucket, 'key'));
      const next = newVersion(bucket, 'key');
      expect(await outcomeOf(putNew(repositories, next, resolve(condition, object.versionId)))).toBe(present);
      const { state } = await objects.findWithBucket(bucket.accountId, bucket.name, 'key');
      if (present === 'failed') expect(state).toEqual({ generation, object });
      else expect(state.object?.versionId).toBe(next.versionId);
    });
  });
}
