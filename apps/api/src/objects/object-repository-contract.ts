import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { givenBucket, newVersion, putNew, sha256, type StorageRepositories } from '../../test/storage-repositories.ts';
import { BucketNotEmptyError, BucketNotFoundError } from '../buckets/bucket-errors.ts';
import { PreconditionFailedError, UploadExpiredError } from './object-errors.ts';
import { describeWriteConditions } from './object-condition-contract.ts';
import { describeListings } from './object-listing-contract.ts';
import type { StoredVersion } from './object-repository.ts';
import type { WriteCondition } from './stored-object.ts';

/** What every ObjectRepository does. */
export function describeObjectRepository(name: string, open: () => Promise<StorageRepositories>): void {
  describe(name, () => {
    let repositories: StorageRepositories;
    beforeAll(async () => {
      repositories = await open();
    });
    afterAll(async () => {
      await repositories[Symbol.asyncDispose]();
    });

    describe('putting', () => {
      it('makes a version current, with all its attributes', async () => {
        const { objects } = repositories;
        const bucket = await givenBucket(repositories);
        const attributes = {
          contentType: 'image/png; x=y',
          contentDisposition: 'attachment; filename="ä"',
          cacheControl: 'max-age=5',
          metadata: { 'a-1': 'ü "\' \\ 🎉', b: '' },
        };
        const version = newVersion(bucket, 'ordner/größe 🎉.png', attributes);
        const stored = await putNew(repositories, version);
        expect(stored).toMatchObject({ created: true, bucketName: bucket.name });
        expect(stored.object).toEqual({
          ...attributes,
          ...{ bucketId: bucket.id, key: version.key, versionId: version.versionId, blobId: version.blob.id },
          ...{ sizeBytes: 7, sha256, modifiedAt: expect.any(Date) },
        });
        const { generation, object } = stored;
        const found = await objects.findWithBucket(bucket.accountId, bucket.name, version.key);
        const { userId: _userId, ...asStored } = bucket;
        expect(found).toEqual({ bucket: asStored, state: { generation, object } });
        expect(await objects.findVersion(bucket.id, version.key, version.versionId)).toEqual(object);
      });

      it('replaces the current version, and keeps the one before by its id', async () => {
        const { objects } = repositories;
        const bucket = await givenBucket(repositories);
        const first = await putNew(repositories, newVersion(bucket, 'key'));
        const second = await putNew(repositories, newVersion(bucket, 'key', { contentType: 'image/png' }));
        expect(second.created).toBe(false);
        expect(second.generation).toBeGreaterThan(first.generation);
        const { state } = await objects.findWithBucket(bucket.accountId, bucket.name, 'key');
        expect(state.object?.versionId).toBe(second.object.versionId);
        expect(await objects.findVersion(bucket.id, 'key', first.object.versionId)).toEqual(first.object);
        expect(await objects.findVersion(bucket.id, 'other', first.object.versionId)).toBeUndefined();
        const elsewhere = await givenBucket(repositories);
        expect(await objects.findVersion(elsewhere.id, 'key', first.object.versionId)).toBeUndefined();
      });

      it('shares the bytes of another version: its size and digest are taken over', async () => {
        const bucket = await givenBucket(repositories);
        const { object } = await putNew(repositories, newVersion(bucket, 'original'));
        const shared = { kind: 'shared', id: object.blobId } as const;
        const copy = await repositories.objects.putVersion(newVersion(bucket, 'copy', { blob: shared }), {});
        expect(copy.object).toMatchObject({
          blobId: object.blobId,
          sizeBytes: object.sizeBytes,
          sha256: object.sha256,
        });
      });

      it('refuses a blob that was given up or never announced, and changes nothing', async () => {
        const { objects, giveUpBlob } = repositories;
        const bucket = await givenBucket(repositories);
        const { generation, object } = await putNew(repositories, newVersion(bucket, 'key'));
        const late = newVersion(bucket, 'key');
        await objects.insertPendingBlob(late.blob.id, new Date());
        await giveUpBlob(late.blob.id);
        await expect(objects.putVersion(late, {})).rejects.toBeInstanceOf(UploadExpiredError);
        await expect(objects.putVersion(newVersion(bucket, 'new'), {})).rejects.toBeInstanceOf(UploadExpiredError);
        const found = await objects.findWithBucket(bucket.accountId, bucket.name, 'key');
        expect(found.state).toEqual({ generation, object });
        const absent = await objects.findWithBucket(bucket.accountId, bucket.name, 'new');
        expect(absent.state.object).toBeUndefined();
      });

      it('forgets a pending blob, but never one that a version has', async () => {
        const { objects } = repositories;
        const bucket = await givenBucket(repositories);
        const version = newVersion(bucket, 'key');
        await objects.insertPendingBlob(version.blob.id, new Date());
        await objects.deletePendingBlob(version.blob.id);
        await expect(objects.putVersion(version, {})).rejects.toBeInstanceOf(UploadExpiredError);
        const { object } = await putNew(repositories, version);
        await objects.deletePendingBlob(object.blobId);
        const shared = { kind: 'shared', id: object.blobId } as const;
        await objects.putVersion(newVersion(bucket, 'copy', { blob: shared }), {});
      });

      it('answers the name the bucket has now', async () => {
        const { buckets, objects } = repositories;
        const bucket = await givenBucket(repositories);
        const name = `renamed-${bucket.id}`;
        await buckets.update(bucket.id, { name });
        expect((await putNew(repositories, newVersion(bucket, 'key'))).bucketName).toBe(name);
        expect((await objects.delete(bucket.id, 'key', {}))?.bucketName).toBe(name);
      });

      it('finds neither bucket nor object where there are none, or under the name of before', async () => {
        const { buckets, objects } = repositories;
        const bucket = await givenBucket(repositories);
        const { object } = await putNew(repositories, newVersion(bucket, 'key'));
        const nothing = { bucket: undefined, state: { generation: 0, object: undefined } };
        expect(await objects.findWithBucket(bucket.accountId, 'missing', 'key')).toEqual(nothing);
        const absent = await objects.findWithBucket(bucket.accountId, bucket.name, 'absent');
        expect(absent).toMatchObject({ bucket: { id: bucket.id }, state: { generation: 0 } });
        await buckets.update(bucket.id, { name: `renamed-${bucket.id}` });
        expect(await objects.findWithBucket(bucket.accountId, bucket.name, 'key')).toEqual(nothing);
        const found = await objects.findWithBucket(bucket.accountId, `renamed-${bucket.id}`, 'key');
        expect(found.state.object).toEqual(object);
      });
    });

    describe('deleting', () => {
      it('leaves an absence with a newer generation, and the versions by their ids', async () => {
        const { objects } = repositories;
        const bucket = await givenBucket(repositories);
        const { generation, object } = await putNew(repositories, newVersion(bucket, 'key'));
        const deleted = await objects.delete(bucket.id, 'key', {});
        expect(deleted).toMatchObject({ object: undefined, bucketName: bucket.name });
        expect(deleted?.generation).toBeGreaterThan(generation);
        const { state } = await objects.findWithBucket(bucket.accountId, bucket.name, 'key');
        expect(state).toEqual({ generation: deleted?.generation, object: undefined });
        expect(await objects.findVersion(bucket.id, 'key', object.versionId)).toEqual(object);
        const again = await putNew(repositories, newVersion(bucket, 'key'));
        expect(again.created).toBe(true);
        expect(again.generation).toBeGreaterThan(deleted?.generation ?? Infinity);
      });

      it('changes nothing where there is nothing, and fails where the state is not the one demanded', async () => {
        const { objects } = repositories;
        const bucket = await givenBucket(repositories);
        const remove = (condition: object): Promise<unknown> => objects.delete(bucket.id, 'key', condition);
        expect(await remove({})).toBeUndefined();
        await expect(remove({ ifExists: true })).rejects.toBeInstanceOf(PreconditionFailedError);
        await expect(remove({ ifMatch: [newId()] })).rejects.toBeInstanceOf(PreconditionFailedError);
        const { object } = await putNew(repositories, newVersion(bucket, 'key'));
        await expect(remove({ ifMatch: [newId()] })).rejects.toBeInstanceOf(PreconditionFailedError);
        await expect(remove({ ifMatch: [] })).rejects.toBeInstanceOf(PreconditionFailedError);
        expect(await remove({ ifExists: true, ifMatch: [newId(), object.versionId] })).toBeDefined();
        expect(await remove({})).toBeUndefined();
      });

      it('refuses writes to a bucket that is deleted or never was', async () => {
        const { buckets, objects } = repositories;
        const bucket = await givenBucket(repositories);
        await putNew(repositories, newVersion(bucket, 'key'));
        await buckets.delete(bucket.id, { force: true });
        await expect(putNew(repositories, newVersion(bucket, 'key'))).rejects.toBeInstanceOf(BucketNotFoundError);
        await expect(objects.delete(bucket.id, 'key', {})).rejects.toBeInstanceOf(BucketNotFoundError);
        const missing = newVersion({ ...bucket, id: newId() }, 'key');
        await expect(putNew(repositories, missing)).rejects.toBeInstanceOf(BucketNotFoundError);
      });
    });

    describe('many at once', () => {
      it('makes one of many concurrent versions of a key current: the one of the highest generation', async () => {
        const { objects } = repositories;
        const bucket = await givenBucket(repositories);
        const stored = await Promise.all(
          Array.from({ length: 50 }, () => putNew(repositories, newVersion(bucket, 'key'))),
        );
        expect(new Set(stored.map(({ generation }) => generation)).size).toBe(50);
        expect(stored.filter(({ created }) => created)).toHaveLength(1);
        const newest = stored.reduce((a: StoredVersion, b) => (a.generation > b.generation ? a : b));
        const { state } = await objects.findWithBucket(bucket.accountId, bucket.name, 'key');
        expect(state).toEqual({ generation: newest.generation, object: newest.object });
      });

      it('lets one of many win that demand an absent object, and one that demand the same version', async () => {
        const bucket = await givenBucket(repositories);
        const race = async (condition: WriteCondition): Promise<StoredVersion[]> => {
          const puts = Array.from({ length: 20 }, () => putNew(repositories, newVersion(bucket, 'key'), condition));
          const results = await Promise.allSettled(puts);
          for (const result of results) {
            if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(PreconditionFailedError);
          }
          return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
        };
        const [created, ...others] = await race({ ifAbsent: true });
        expect(others).toEqual([]);
        expect(await race({ ifMatch: [created?.object.versionId ?? ''] })).toHaveLength(1);
      });

      it('either deletes a bucket or stores in it, never both', async () => {
        const { buckets } = repositories;
        for (let round = 0; round < 10; round += 1) {
          const bucket = await givenBucket(repositories);
          const put = putNew(repositories, newVersion(bucket, 'key'));
          const [stored, deleted] = await Promise.allSettled([put, buckets.delete(bucket.id, { force: false })]);
          expect([stored.status, deleted.status].sort()).toEqual(['fulfilled', 'rejected']);
          if (stored.status === 'rejected') expect(stored.reason).toBeInstanceOf(BucketNotFoundError);
          if (deleted.status === 'rejected') expect(deleted.reason).toBeInstanceOf(BucketNotEmptyError);
        }
      });
    });

    describeWriteConditions(() => repositories);
    describeListings(() => repositories);
  });
}
