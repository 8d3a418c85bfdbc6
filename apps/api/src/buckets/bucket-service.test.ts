import { beforeEach, describe, expect, it } from '@jest/globals';
import { givenPrincipal } from '../../test/given-principal.ts';
import { givenBucketOf, givenStorageServices, incoming, type StorageServices } from '../../test/storage-services.ts';
import type { Principal } from '../http/principal.ts';
import { UserForbiddenError, UserNotFoundError } from '../users/user-errors.ts';
import {
  BucketForbiddenError,
  BucketNameTakenError,
  BucketNotEmptyError,
  BucketNotFoundError,
  GrantNotFoundError,
} from './bucket-errors.ts';

const name = 'photos';

describe('BucketService', () => {
  let services: StorageServices;
  let owner: Principal;
  let member: Principal;
  beforeEach(async () => {
    services = givenStorageServices();
    owner = givenPrincipal(await services.stores.givenAccount());
    member = { ...owner, role: 'member', userId: await services.stores.givenUser(owner.accountId) };
  });

  it('makes a bucket that is found at once, though its absence was cached', async () => {
    const { buckets } = services;
    await expect(buckets.getBucket(owner, name)).rejects.toBeInstanceOf(BucketNotFoundError);
    const bucket = await givenBucketOf(services, owner);
    expect(await buckets.getBucket(owner, name)).toEqual(bucket);
    expect(services.logs.withMessage('bucket created')).toHaveLength(1);
    await expect(givenBucketOf(services, owner)).rejects.toBeInstanceOf(BucketNameTakenError);
  });

  it('lets neither members nor credentials of one bucket make buckets', async () => {
    await expect(givenBucketOf(services, member)).rejects.toBeInstanceOf(UserForbiddenError);
    await expect(givenBucketOf(services, { ...owner, bucketId: 'b' })).rejects.toBeInstanceOf(UserForbiddenError);
  });

  it('asks the database for a bucket once', async () => {
    await givenBucketOf(services, owner);
    let asked = 0;
    const find = services.stores.buckets.findByName.bind(services.stores.buckets);
    services.stores.buckets.findByName = (...of): ReturnType<typeof find> => {
      asked += 1;
      return find(...of);
    };
    const other = givenStorageServices(services.stores);
    await Promise.all(Array.from({ length: 5 }, () => other.buckets.getBucket(owner, name)));
    await other.buckets.getBucket(owner, name);
    expect(asked).toBe(1);
  });

  it.each(['', 'a/b', 'a\0b', 'A', '\ud800', 'x'.repeat(5_000)])(
    'answers the name %j, which no bucket can have, without asking anybody',
    async (impossible) => {
      services.stores.buckets.findByName = (): never => {
        throw new Error('asked');
      };
      expect(await services.buckets.findBucket(owner.accountId, impossible)).toBeUndefined();
    },
  );

  it('is seen under its new name and no more under the old one', async () => {
    const { buckets } = services;
    await givenBucketOf(services, owner);
    await buckets.changeBucket(owner, name, { name: 'pictures', retentionDays: 1 });
    await expect(buckets.getBucket(owner, name)).rejects.toBeInstanceOf(BucketNotFoundError);
    expect(await buckets.getBucket(owner, 'pictures')).toMatchObject({ retentionDays: 1 });
    const successor = await givenBucketOf(services, owner);
    expect(await buckets.getBucket(owner, name)).toEqual(successor);
  });

  it('lists what the caller may see', async () => {
    const { buckets } = services;
    for (const each of ['one', 'two', 'three']) await givenBucketOf(services, owner, { name: each });
    await buckets.putGrant(owner, 'two', { userId: member.userId, role: 'reader' });
    const three = await buckets.getBucket(owner, 'three');
    const list = async (principal: Principal): Promise<string[]> =>
      (await buckets.listBuckets(principal, { afterName: '', limit: 10 })).map((bucket) => bucket.name);
    expect(await list(owner)).toEqual(['one', 'three', 'two']);
    expect(await list(member)).toEqual(['two']);
    expect(await list({ ...owner, bucketId: three.id })).toEqual(['three']);
    expect(await list({ ...member, bucketId: three.id })).toEqual([]);
  });

  it('gives and takes grants, which count at once', async () => {
    const { buckets } = services;
    await givenBucketOf(services, owner);
    await expect(buckets.getBucket(member, name)).rejects.toBeInstanceOf(BucketNotFoundError);
    await buckets.putGrant(owner, name, { userId: member.userId, role: 'reader' });
    expect(await buckets.getBucket(member, name)).toMatchObject({ name });
    await expect(buckets.changeBucket(member, name, { publicRead: true })).rejects.toBeInstanceOf(BucketForbiddenError);
    await buckets.deleteGrant(owner, name, member.userId);
    await expect(buckets.getBucket(member, name)).rejects.toBeInstanceOf(BucketNotFoundError);
    await expect(buckets.deleteGrant(owner, name, member.userId)).rejects.toBeInstanceOf(GrantNotFoundError);
    const stranger = { userId: (await services.stores.givenAccount()).userId, role: 'reader' } as const;
    await expect(buckets.putGrant(owner, name, stranger)).rejects.toBeInstanceOf(UserNotFoundError);
  });

  it('deletes an empty bucket, one with objects by force only, and neither for members', async () => {
    const { buckets, putObject } = services;
    await givenBucketOf(services, owner);
    await putObject.put(owner, incoming('key'));
    await buckets.putGrant(owner, name, { userId: member.userId, role: 'manager' });
    await expect(buckets.deleteBucket(member, name, { force: true })).rejects.toBeInstanceOf(UserForbiddenError);
    await expect(buckets.deleteBucket(owner, name, { force: false })).rejects.toBeInstanceOf(BucketNotEmptyError);
    await buckets.deleteBucket(owner, name, { force: true });
    await expect(buckets.getBucket(owner, name)).rejects.toBeInstanceOf(BucketNotFoundError);
    await expect(buckets.deleteBucket(owner, name, { force: true })).rejects.toBeInstanceOf(BucketNotFoundError);
  });
});
