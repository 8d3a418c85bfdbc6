import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import { givenPrincipal } from '../../test/given-principal.ts';
import {
  givenBucketOf,
  givenStorageServices,
  incoming,
  maxObjectBytes,
  type StorageServices,
} from '../../test/storage-services.ts';
import { BucketForbiddenError, BucketNotFoundError } from '../buckets/bucket-errors.ts';
import type { Principal } from '../http/principal.ts';
import {
  ContentTypeNotAllowedError,
  DigestMismatchError,
  ObjectNotFoundError,
  ObjectTooLargeError,
  PreconditionFailedError,
  SizeMismatchError,
  UploadExpiredError,
} from './object-errors.ts';
import type { IncomingObject } from './put-object.ts';

const sha256Of = (content: string | Buffer): Buffer => createHash('sha256').update(content).digest();

describe('PutObject', () => {
  let services: StorageServices;
  let owner: Principal;
  beforeEach(async () => {
    services = givenStorageServices();
    owner = givenPrincipal(await services.stores.givenAccount());
  });

  const put = (object: IncomingObject): ReturnType<StorageServices['putObject']['put']> =>
    services.putObject.put(owner, object);
  const storedBlobs = async (): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of services.blobs.list()) keys.push(key);
    return keys;
  };
  /** Neither bytes nor a row nor an object is there. */
  const expectNothingStored = async (key = 'key'): Promise<void> => {
    expect(await storedBlobs()).toEqual([]);
    expect(services.stores.objects.pendingBlobs.size).toBe(0);
    await expect(services.reader.getObject(owner, 'photos', key)).rejects.toBeInstanceOf(ObjectNotFoundError);
    expect(services.logs.withMessage('object stored')).toEqual([]);
  };
  async function* chunksOf(...chunks: string[]): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }

  it.each([
    ['nothing', []],
    ['one byte', ['x']],
    ['many small chunks', Array.from({ length: 2_000 }, (_, index) => String(index % 10))],
    ['empty chunks in between', ['', 'a', '', 'b', '']],
    ['more than what is looked at, at once', ['x'.repeat(100_000), 'y']],
  ])('stores %s byte for byte, with size and digest', async (_title, chunks) => {
    await givenBucketOf(services, owner);
    const { object, created } = await put(
      incoming('key', { open: () => chunksOf(...chunks), contentType: 'application/x-y' }),
    );
    const content = chunks.join('');
    expect(created).toBe(true);
    expect(object).toMatchObject({
      sizeBytes: content.length,
      sha256: sha256Of(content).toString('hex'),
      contentType: 'application/x-y',
    });
    expect((await buffer(await services.blobs.get(object.blobId))).toString()).toBe(content);
    expect(services.stores.objects.pendingBlobs.size).toBe(0);
    expect(await services.reader.getObject(owner, 'photos', 'key')).toEqual(object);
    expect(services.logs.withMessage('object stored')).toEqual([
      expect.objectContaining({ sizeBytes: content.length }),
    ]);
  });

  it('never touches the bytes it replaces', async () => {
    await givenBucketOf(services, owner);
    const first = await put(incoming('key', { content: 'old' }));
    const second = await put(incoming('key', { content: 'new' }));
    expect(second.created).toBe(false);
    expect((await buffer(await services.blobs.get(first.object.blobId))).toString()).toBe('old');
  });

  const digest = (content: string): IncomingObject['expectedDigests'] => [
    { algorithm: 'sha-256', digest: sha256Of(content) },
  ];

  it('stores what has the digest the client announced', async () => {
    await givenBucketOf(services, owner);
    await put(incoming('key', { expectedDigests: digest('content') }));
  });

  it.each([
    ['another digest', () => ({ expectedDigests: digest('other') }), DigestMismatchError],
    ['fewer bytes than announced', () => ({ sizeBytes: 8 }), SizeMismatchError],
    ['more bytes than announced', () => ({ sizeBytes: 6 }), SizeMismatchError],
    [
      'more bytes than the installation takes',
      () => ({ content: 'x'.repeat(maxObjectBytes + 1) }),
      ObjectTooLargeError,
    ],
    ['the first bytes of another type', () => ({ contentType: 'image/png' }), ContentTypeNotAllowedError],
    ['a type the bucket does not take', () => ({ contentType: 'audio/ogg' }), ContentTypeNotAllowedError],
    ['more bytes than the bucket takes', () => ({ content: 'x'.repeat(100) }), ObjectTooLargeError],
  ])('refuses %s, and nothing is stored', async (_title, fields, expected) => {
    await givenBucketOf(services, owner, { maxObjectBytes: 99, contentTypes: ['text/*', 'image/*'] });
    await expect(put(incoming('key', fields()))).rejects.toBeInstanceOf(expected);
    await expectNothingStored();
  });

  it.each([
    ['announces too many bytes', { sizeBytes: maxObjectBytes + 1 }, ObjectTooLargeError],
    ['demands a version that is not there', { condition: { ifExists: true } }, PreconditionFailedError],
    ['is for a bucket that is missing', { bucketName: 'missing' }, BucketNotFoundError],
  ])('never opens the body of what %s', async (_title, fields, expected) => {
    await givenBucketOf(services, owner);
    const open = (): never => {
      throw new Error('opened');
    };
    await expect(put(incoming('key', { ...fields, open }))).rejects.toBeInstanceOf(expected);
    await expectNothingStored();
  });

  it('refuses a member whose grant is too low', async () => {
    await givenBucketOf(services, owner);
    const member: Principal = { ...owner, role: 'member', userId: await services.stores.givenUser(owner.accountId) };
    await services.buckets.putGrant(owner, 'photos', { userId: member.userId, role: 'reader' });
    await expect(services.putObject.put(member, incoming('key'))).rejects.toBeInstanceOf(BucketForbiddenError);
    await expectNothingStored();
  });

  it('leaves nothing of a body that breaks off, and passes its error on', async () => {
    await givenBucketOf(services, owner);
    async function* open(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(600);
      throw new Error('cut');
    }
    await expect(put(incoming('key', { open, contentType: 'application/x-y' }))).rejects.toThrow('cut');
    await expectNothingStored();
  });

  it('leaves nothing when the client goes away', async () => {
    await givenBucketOf(services, owner);
    const gone = new AbortController();
    async function* open(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(600);
      gone.abort();
      await new Promise(() => undefined);
    }
    await expect(
      put(incoming('key', { open, signal: gone.signal, contentType: 'application/x-y' })),
    ).rejects.toMatchObject({ name: 'AbortError' });
    await expectNothingStored();
  });

  it('closes a body it refuses', async () => {
    await givenBucketOf(services, owner);
    let closed = false;
    async function* open(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(600);
      } finally {
        closed = true;
      }
    }
    await expect(put(incoming('key', { open, contentType: 'image/png' }))).rejects.toBeInstanceOf(
      ContentTypeNotAllowedError,
    );
    expect(closed).toBe(true);
  });

  it('leaves nothing when another upload is faster', async () => {
    await givenBucketOf(services, owner);
    const winner = incoming('key', { content: 'winner' });
    async function* open(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('loser');
      await put(winner);
    }
    await expect(put(incoming('key', { open, condition: { ifAbsent: true } }))).rejects.toBeInstanceOf(
      PreconditionFailedError,
    );
    const { blobId } = await services.reader.getObject(owner, 'photos', 'key');
    expect(await storedBlobs()).toEqual([blobId]);
    expect(services.stores.objects.pendingBlobs.size).toBe(0);
  });

  it('leaves nothing when the bucket is deleted or the upload given up meanwhile', async () => {
    const bucket = await givenBucketOf(services, owner);
    async function* late(meanwhile: () => unknown): AsyncGenerator<Uint8Array> {
      yield Buffer.from('late');
      await meanwhile();
    }
    const giveUp = (): void => {
      for (const id of services.stores.objects.pendingBlobs.keys()) services.stores.objects.giveUpBlob(id);
    };
    await expect(put(incoming('key', { open: () => late(giveUp) }))).rejects.toBeInstanceOf(UploadExpiredError);
    const remove = (): Promise<unknown> => services.stores.buckets.delete(bucket.id, { force: true });
    await expect(put(incoming('key', { open: () => late(remove) }))).rejects.toBeInstanceOf(BucketNotFoundError);
    expect(await storedBlobs()).toEqual([]);
    expect(services.stores.objects.pendingBlobs.size).toBe(0);
  });

  it('keeps the bytes when nobody knows whether the version was stored', async () => {
    await givenBucketOf(services, owner);
    services.stores.objects.putVersion = async (): Promise<never> => {
      throw new Error('connection lost');
    };
    await expect(put(incoming('key'))).rejects.toThrow('connection lost');
    expect(await storedBlobs()).toEqual([...services.stores.objects.pendingBlobs.keys()]);
    expect(await storedBlobs()).toHaveLength(1);
  });

  it('keeps the row with its deadline when the bytes could not be taken back', async () => {
    await givenBucketOf(services, owner);
    services.blobs.deleteMany = async (): Promise<never> => {
      throw new Error('store away');
    };
    await expect(put(incoming('key', { expectedDigests: digest('other') }))).rejects.toBeInstanceOf(
      DigestMismatchError,
    );
    const [deadline] = services.stores.objects.pendingBlobs.values();
    expect(deadline?.getTime()).toBeGreaterThan(Date.now());
  });
});
