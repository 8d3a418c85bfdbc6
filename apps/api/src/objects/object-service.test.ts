import { beforeEach, describe, expect, it } from '@jest/globals';
import { givenPrincipal } from '../../test/given-principal.ts';
import { givenBucketOf, givenStorageServices, incoming, type StorageServices } from '../../test/storage-services.ts';
import type { Principal } from '../http/principal.ts';
import { ContentTypeNotAllowedError, ObjectNotFoundError, PreconditionFailedError } from './object-errors.ts';
import type { AttributesChange } from './object-service.ts';
import type { StoredObject, WriteCondition } from './stored-object.ts';

describe('ObjectService', () => {
  let services: StorageServices;
  let owner: Principal;
  let object: StoredObject;
  beforeEach(async () => {
    services = givenStorageServices();
    owner = givenPrincipal(await services.stores.givenAccount());
    await givenBucketOf(services, owner, { contentTypes: ['text/*', 'image/*'] });
    const attributes = { contentDisposition: 'attachment', cacheControl: 'max-age=1', metadata: { a: '1' } };
    ({ object } = await services.putObject.put(owner, incoming('key', attributes)));
  });

  const target = (
    condition: WriteCondition = {},
    key = 'key',
  ): { bucketName: string; key: string; condition: WriteCondition } => ({ bucketName: 'photos', key, condition });
  const change = async (changed: AttributesChange, condition: WriteCondition = {}): Promise<StoredObject> =>
    (await services.objects.changeAttributes(owner, target(condition), changed)).object;
  const read = (): Promise<StoredObject> => services.reader.getObject(owner, 'photos', 'key');

  describe('changing attributes', () => {
    it('makes a version with the same bytes, and leaves what is not given', async () => {
      const changed = await change({ contentType: 'text/csv', metadata: { b: '2' } });
      expect(changed).toEqual({
        ...object,
        ...{
          contentType: 'text/csv',
          metadata: { b: '2' },
          versionId: changed.versionId,
          modifiedAt: changed.modifiedAt,
        },
      });
      expect(changed.versionId).not.toBe(object.versionId);
      expect(await read()).toEqual(changed);
    });

    it('takes away what is null', async () => {
      expect(await change({ contentDisposition: null, cacheControl: null })).toMatchObject({
        contentDisposition: undefined,
        cacheControl: undefined,
        metadata: { a: '1' },
      });
    });

    it.each(['audio/ogg', 'image/png'])(
      'refuses the type %s, which the bucket or the bytes refuse',
      async (contentType) => {
        await expect(change({ contentType })).rejects.toBeInstanceOf(ContentTypeNotAllowedError);
        expect(await read()).toEqual(object);
      },
    );

    it('refuses another version than the one demanded, and what is absent', async () => {
      await expect(change({}, { ifMatch: ['other'] })).rejects.toBeInstanceOf(PreconditionFailedError);
      await expect(change({}, { ifAbsent: true })).rejects.toBeInstanceOf(PreconditionFailedError);
      await change({}, { ifMatch: [object.versionId] });
      const absent = services.objects.changeAttributes(owner, target({}, 'absent'), {});
      await expect(absent).rejects.toBeInstanceOf(ObjectNotFoundError);
    });

    it('undoes nothing that was changed in between', async () => {
      const [first, second] = await Promise.all([
        change({ metadata: { by: 'first' } }),
        change({ cacheControl: 'max-age=2' }),
      ]);
      expect([first.versionId, second.versionId]).toContain((await read()).versionId);
      expect(await read()).toMatchObject({ metadata: { by: 'first' }, cacheControl: 'max-age=2' });
    });

    it('tries again, and gives up when others are always faster', async () => {
      let attempts = 0;
      services.stores.objects.putVersion = async (): Promise<never> => {
        attempts += 1;
        throw new PreconditionFailedError();
      };
      await expect(change({})).rejects.toBeInstanceOf(PreconditionFailedError);
      expect(attempts).toBeGreaterThan(1);
    });
  });

  describe('deleting', () => {
    const remove = (condition: WriteCondition = {}): Promise<void> =>
      services.objects.deleteObject(owner, target(condition));

    it('hides the object at once; doing it again is no error and no event', async () => {
      await remove();
      await remove();
      await expect(read()).rejects.toBeInstanceOf(ObjectNotFoundError);
      expect(services.logs.withMessage('object deleted')).toHaveLength(1);
    });

    it.each([{ ifMatch: ['other'] }, { ifAbsent: true }])(
      'leaves the object where %j demands something else',
      async (condition) => {
        await expect(remove(condition)).rejects.toBeInstanceOf(PreconditionFailedError);
        expect(await read()).toEqual(object);
      },
    );

    it('has nothing to do where the object must be absent and is', async () => {
      await remove({ ifMatch: [object.versionId] });
      await remove({ ifAbsent: true });
      await expect(remove({ ifExists: true })).rejects.toBeInstanceOf(PreconditionFailedError);
    });
  });
});
