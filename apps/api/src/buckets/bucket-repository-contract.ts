import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import {
  givenBucket,
  newBucket,
  newVersion,
  putNew,
  type StorageRepositories,
} from '../../test/storage-repositories.ts';
import { BucketNameTakenError, BucketNotEmptyError, BucketNotFoundError, TooManyGrantsError } from './bucket-errors.ts';
import { mostGrants } from './bucket.ts';

/** What every BucketRepository does. */
export function describeBucketRepository(name: string, open: () => Promise<StorageRepositories>): void {
  describe(name, () => {
    let repositories: StorageRepositories;
    beforeAll(async () => {
      repositories = await open();
    });
    afterAll(async () => {
      await repositories[Symbol.asyncDispose]();
    });

    it('finds a bucket with its limits by the name it has in its account', async () => {
      const { buckets, givenAccount } = repositories;
      const { accountId } = await givenAccount();
      const limits = { maxObjectBytes: 5 * 1024 ** 4, contentTypes: ['image/*', 'text/csv'], publicRead: true };
      const inserted = await buckets.insert(newBucket(accountId, { name: 'photos', ...limits }));
      expect(inserted).toMatchObject({ accountId, name: 'photos', ...limits, grants: {} });
      expect(await buckets.findByName(accountId, 'photos')).toEqual(inserted);
      expect(await buckets.findByName(accountId, 'Photos')).toBeUndefined();
      expect(await buckets.findByName((await givenAccount()).accountId, 'photos')).toBeUndefined();
    });

    it('refuses a name its account has, and takes one that only others have', async () => {
      const { buckets, givenAccount } = repositories;
      const { accountId } = await givenAccount();
      await buckets.insert(newBucket(accountId, { name: 'photos' }));
      await expect(buckets.insert(newBucket(accountId, { name: 'photos' }))).rejects.toBeInstanceOf(
        BucketNameTakenError,
      );
      await buckets.insert(newBucket((await givenAccount()).accountId, { name: 'photos' }));
    });

    it('stores a bucket once, and answers it as it is when it is told to again', async () => {
      const { buckets, givenAccount } = repositories;
      const { accountId, userId } = await givenAccount();
      const bucket = newBucket(accountId, { name: 'photos' });
      const inserted = await buckets.insert(bucket);
      expect(await buckets.insert(bucket)).toEqual(inserted);
      await buckets.update(bucket.id, { name: 'renamed', publicRead: true });
      const changed = await buckets.putGrant(bucket.id, userId, 'reader');
      expect(await buckets.insert(bucket)).toEqual(changed);
      expect(await buckets.findByName(accountId, 'photos')).toBeUndefined();
    });

    it('does not make a bucket again that was deleted', async () => {
      const { buckets, givenAccount } = repositories;
      const { accountId } = await givenAccount();
      const bucket = newBucket(accountId, { name: 'photos' });
      await buckets.insert(bucket);
      await buckets.delete(bucket.id, { force: false });
      await expect(buckets.insert(bucket)).rejects.toBeInstanceOf(BucketNotFoundError);
      expect(await buckets.findByName(accountId, 'photos')).toBeUndefined();
    });

    it('takes one of many buckets of a name that come at the same time', async () => {
      const { buckets, givenAccount } = repositories;
      const { accountId } = await givenAccount();
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, () => buckets.insert(newBucket(accountId, { name: 'photos' }))),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(BucketNameTakenError);
    });

    it('lists page by page in byte order, and only what the filter lets through', async () => {
      const { buckets, givenAccount } = repositories;
      const { accountId, userId } = await givenAccount();
      const names = ['a-1', 'a0', 'ab', 'b', 'b-a', 'b0'];
      const made = new Map<string, string>();
      for (const name of ['b0', 'a-1', 'b', 'ab', 'b-a', 'a0']) {
        made.set(name, (await buckets.insert(newBucket(accountId, { name }))).id);
      }
      const list = async (filter: object, afterName = '', limit = 100): Promise<string[]> =>
        (await buckets.list({ accountId, ...filter }, { afterName, limit })).map(({ name }) => name);
      expect(await list({})).toEqual(names);
      expect(await list({}, 'a0', 2)).toEqual(['ab', 'b']);
      expect(await list({}, 'b0')).toEqual([]);
      const [granted = '', limited = ''] = [made.get('ab'), made.get('b')];
      await buckets.putGrant(granted, userId, 'reader');
      expect(await list({ grantedTo: userId })).toEqual(['ab']);
      expect(await list({ bucketId: limited })).toEqual(['b']);
      expect(await list({ grantedTo: userId, bucketId: limited })).toEqual([]);
    });

    it('changes what is given and leaves the rest; an undefined limit goes', async () => {
      const { buckets, givenAccount } = repositories;
      const { accountId } = await givenAccount();
      const bucket = await buckets.insert(newBucket(accountId, { maxObjectBytes: 9, contentTypes: ['text/csv'] }));
      const renamed = await buckets.update(bucket.id, { name: 'renamed', retentionDays: 0, publicRead: undefined });
      expect(renamed).toMatchObject({ name: 'renamed', retentionDays: 0, publicRead: false, maxObjectBytes: 9 });
      expect(renamed?.generation).toBeGreaterThan(bucket.generation);
      const unlimited = await buckets.update(bucket.id, { maxObjectBytes: undefined, contentTypes: undefined });
      expect(unlimited).toMatchObject({ maxObjectBytes: undefined, contentTypes: undefined, name: 'renamed' });
      expect(await buckets.findByName(accountId, 'renamed')).toEqual(unlimited);
      expect(await buckets.findByName(accountId, bucket.name)).toBeUndefined();
    });

    it('refuses to rename to a name that is taken, and answers nothing for a bucket that is gone', async () => {
      const { buckets, givenAccount } = repositories;
      const { accountId } = await givenAccount();
      const bucket = await buckets.insert(newBucket(accountId, { name: 'photos' }));
      await buckets.insert(newBucket(accountId, { name: 'videos' }));
      await expect(buckets.update(bucket.id, { name: 'videos' })).rejects.toBeInstanceOf(BucketNameTakenError);
      expect(await buckets.findByName(accountId, 'photos')).toEqual(bucket);
      expect(await buckets.update(newId(), { name: 'other' })).toBeUndefined();
    });

    it('deletes an empty bucket under a new generation and frees its name', async () => {
      const { buckets, givenAccount, givenUser } = repositories;
      const { accountId } = await givenAccount();
      const bucket = await buckets.insert(newBucket(accountId, { name: 'photos' }));
      expect(await buckets.delete(bucket.id, { force: false })).toBeGreaterThan(bucket.generation);
      expect(await buckets.delete(bucket.id, { force: true })).toBeUndefined();
      expect(await buckets.findByName(accountId, 'photos')).toBeUndefined();
      expect(await buckets.list({ accountId }, { afterName: '', limit: 10 })).toEqual([]);
      expect(await buckets.update(bucket.id, { retentionDays: 1 })).toBeUndefined();
      expect(await buckets.putGrant(bucket.id, await givenUser(accountId), 'reader')).toBeUndefined();
      await buckets.insert(newBucket(accountId, { name: 'photos' }));
    });

    it('deletes a bucket with objects by force only; one with nothing but trash is empty', async () => {
      const { buckets, objects } = repositories;
      const bucket = await givenBucket(repositories);
      await putNew(repositories, newVersion(bucket, 'key'));
      await expect(buckets.delete(bucket.id, { force: false })).rejects.toBeInstanceOf(BucketNotEmptyError);
      await objects.delete(bucket.id, 'key', {});
      const other = await givenBucket(repositories);
      await putNew(repositories, newVersion(other, 'key'));
      expect(await buckets.delete(bucket.id, { force: false })).toBeDefined();
      expect(await buckets.delete(other.id, { force: true })).toBeDefined();
    });

    it('grants, changes and takes away roles of users of the account', async () => {
      const { buckets, givenAccount } = repositories;
      const bucket = await givenBucket(repositories);
      const { userId } = bucket;
      const granted = await buckets.putGrant(bucket.id, userId, 'reader');
      expect(granted).toMatchObject({ grants: { [userId]: 'reader' } });
      expect(granted?.generation).toBeGreaterThan(bucket.generation);
      expect(await buckets.putGrant(bucket.id, userId, 'manager')).toMatchObject({ grants: { [userId]: 'manager' } });
      expect(await buckets.putGrant(bucket.id, (await givenAccount()).userId, 'reader')).toBeUndefined();
      expect(await buckets.putGrant(bucket.id, newId(), 'reader')).toBeUndefined();
      expect(await buckets.deleteGrant(bucket.id, newId())).toBeUndefined();
      expect((await buckets.deleteGrant(bucket.id, userId))?.grants).toEqual({});
      expect((await buckets.findByName(bucket.accountId, bucket.name))?.grants).toEqual({});
    });

    it('refuses more grants than a bucket may have, and keeps those it has', async () => {
      const { buckets, givenUser } = repositories;
      const bucket = await givenBucket(repositories);
      const users = await Promise.all(Array.from({ length: mostGrants + 1 }, () => givenUser(bucket.accountId)));
      const [extra = '', first = ''] = users;
      for (const userId of users.slice(1)) await buckets.putGrant(bucket.id, userId, 'reader');
      await expect(buckets.putGrant(bucket.id, extra, 'reader')).rejects.toBeInstanceOf(TooManyGrantsError);
      const changed = await buckets.putGrant(bucket.id, first, 'writer');
      expect(Object.keys(changed?.grants ?? {})).toHaveLength(mostGrants);
      expect(changed?.grants[extra]).toBeUndefined();
    });
  });
}
