import { beforeEach, describe, expect, it } from '@jest/globals';
import { givenPrincipal } from '../../test/given-principal.ts';
import { givenBucketOf, givenStorageServices, incoming, type StorageServices } from '../../test/storage-services.ts';
import { BucketNotFoundError } from '../buckets/bucket-errors.ts';
import type { Principal } from '../http/principal.ts';
import { ObjectNotFoundError } from './object-errors.ts';
import type { StoredObject } from './stored-object.ts';

const name = 'photos';

describe('ObjectReader', () => {
  let services: StorageServices;
  let owner: Principal;
  /** How often the database was asked for an object. */
  let asked: number;
  beforeEach(async () => {
    services = givenStorageServices();
    owner = givenPrincipal(await services.stores.givenAccount());
    asked = 0;
    const { objects } = services.stores;
    const find = objects.findWithBucket.bind(objects);
    objects.findWithBucket = (...of): ReturnType<typeof find> => {
      asked += 1;
      return find(...of);
    };
  });

  const put = async (key: string, bucketName = name): Promise<StoredObject> =>
    (await services.putObject.put(owner, incoming(key, { bucketName }))).object;
  const get = (key: string, bucketName = name): Promise<StoredObject> =>
    services.reader.getObject(owner, bucketName, key);

  it('asks the database once, for the bucket and the object together, and for its absence too', async () => {
    await givenBucketOf(services, owner);
    const object = await put('key');
    const cold = givenStorageServices(services.stores);
    expect(await cold.reader.getObject(owner, name, 'key')).toEqual(object);
    expect(await cold.reader.getObject(owner, name, 'key')).toEqual(object);
    expect(asked).toBe(1);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(cold.reader.getObject(owner, name, 'absent')).rejects.toBeInstanceOf(ObjectNotFoundError);
    }
    expect(asked).toBe(2);
  });

  it('reads what was written, though its absence or an older version was cached', async () => {
    await givenBucketOf(services, owner);
    await expect(get('key')).rejects.toBeInstanceOf(ObjectNotFoundError);
    const first = await put('key');
    expect(await get('key')).toEqual(first);
    const second = await put('key');
    expect(await get('key')).toEqual(second);
    await services.objects.deleteObject(owner, { bucketName: name, key: 'key', condition: {} });
    await expect(get('key')).rejects.toBeInstanceOf(ObjectNotFoundError);
  });

  it('never reads what a bucket of the same name had before', async () => {
    await givenBucketOf(services, owner);
    await put('key');
    await services.buckets.deleteBucket(owner, name, { force: true });
    await expect(get('key')).rejects.toBeInstanceOf(BucketNotFoundError);
    await givenBucketOf(services, owner);
    await expect(get('key')).rejects.toBeInstanceOf(ObjectNotFoundError);
    const before = asked;
    await expect(get('key')).rejects.toBeInstanceOf(ObjectNotFoundError);
    expect(asked).toBe(before);
    expect(await put('key')).toEqual(await get('key'));
  });

  it('reads what was written while the bucket was called something else', async () => {
    await givenBucketOf(services, owner);
    await put('changed');
    await put('deleted');
    await expect(get('created')).rejects.toBeInstanceOf(ObjectNotFoundError);
    await services.buckets.changeBucket(owner, name, { name: 'pictures' });
    const changed = await put('changed', 'pictures');
    const created = await put('created', 'pictures');
    await services.objects.deleteObject(owner, { bucketName: 'pictures', key: 'deleted', condition: {} });
    await services.buckets.changeBucket(owner, 'pictures', { name });
    expect(await get('changed')).toEqual(changed);
    expect(await get('created')).toEqual(created);
    await expect(get('deleted')).rejects.toBeInstanceOf(ObjectNotFoundError);
    const before = asked;
    expect(await get('changed')).toEqual(changed);
    expect(asked).toBe(before);
  });

  it('takes a name with a slash for no bucket, and lets it spoil nothing', async () => {
    await givenBucketOf(services, owner);
    await put('a/b');
    const cold = givenStorageServices(services.stores);
    await expect(cold.reader.getObject(owner, `${name}/a`, 'b')).rejects.toBeInstanceOf(BucketNotFoundError);
    expect(await cold.reader.getObject(owner, name, 'a/b')).toMatchObject({ key: 'a/b' });
  });

  it('hides buckets and their objects from those without a grant', async () => {
    await givenBucketOf(services, owner);
    await put('key');
    const stranger = givenPrincipal(await services.stores.givenAccount());
    const member: Principal = { ...owner, role: 'member', userId: 'nobody' };
    for (const key of ['key', 'absent']) {
      await expect(services.reader.getObject(stranger, name, key)).rejects.toBeInstanceOf(BucketNotFoundError);
      await expect(services.reader.getObject(member, name, key)).rejects.toBeInstanceOf(BucketNotFoundError);
    }
  });

  it('reads versions by their ids, current or not, in their bucket and under their key alone', async () => {
    await givenBucketOf(services, owner);
    await givenBucketOf(services, owner, { name: 'other' });
    const first = await put('key');
    await put('key');
    const { versionId } = first;
    const read = (bucketName: string, key: string): Promise<StoredObject> =>
      services.reader.getVersion(owner, bucketName, { key, versionId });
    expect(await read(name, 'key')).toEqual(first);
    await expect(read(name, 'other')).rejects.toBeInstanceOf(ObjectNotFoundError);
    await expect(read('other', 'key')).rejects.toBeInstanceOf(ObjectNotFoundError);
    await expect(read('missing', 'key')).rejects.toBeInstanceOf(BucketNotFoundError);
  });

  it('shows anybody the objects of a public bucket, and nothing else by the same answer', async () => {
    const { accountId } = owner;
    await givenBucketOf(services, owner, { publicRead: true });
    await givenBucketOf(services, owner, { name: 'private' });
    const object = await put('key');
    await put('key', 'private');
    expect(await services.reader.getPublicObject(accountId, name, 'key')).toEqual(object);
    for (const [account, bucketName, key] of [
      [accountId, name, 'absent'],
      [accountId, 'private', 'key'],
      [accountId, 'missing', 'key'],
      [accountId, '\0', 'key'],
      [accountId.toUpperCase(), name, 'key'],
      ['not-an-id', name, 'key'],
    ] as const) {
      await expect(services.reader.getPublicObject(account, bucketName, key)).rejects.toBeInstanceOf(
        ObjectNotFoundError,
      );
    }
    await services.buckets.changeBucket(owner, name, { publicRead: false });
    await expect(services.reader.getPublicObject(accountId, name, 'key')).rejects.toBeInstanceOf(ObjectNotFoundError);
  });
});
